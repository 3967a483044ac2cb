using System.Security.Cryptography;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Uploads;

/// <summary>Upload-Checksum: the extension "Checksum".</summary>
public sealed class CheckingAPiece(ServiceFixture fixture)
{
    private static readonly byte[] Bytes = "some bytes"u8.ToArray();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Checksums =>
    [
        $"sha1 {Convert.ToBase64String(SHA1.HashData(Bytes))}",
        $"sha256 {Convert.ToBase64String(SHA256.HashData(Bytes))}",
        $"sha512 {Convert.ToBase64String(SHA512.HashData(Bytes))}",
        $"md5 {Convert.ToBase64String(MD5.HashData(Bytes))}",
    ];

    [Theory]
    [MemberData(nameof(Checksums))]
    public async Task Takes_what_comes_to_the_checksum_and_drops_what_does_not(string checksum)
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(20, cancellationToken: Cancellation);
        var other = (byte[])Bytes.Clone();
        other[3] ^= 1;

        await guest.Send(Tus.Patch(id, 0, other).With("Upload-Checksum", checksum), Cancellation).Is(ErrorTable.ChecksumMismatch);
        Assert.Equal(0, await guest.Offset(id, Cancellation));
        using var taken = await guest.Send(Tus.Patch(id, 0, Bytes).With("Upload-Checksum", checksum), Cancellation);

        Assert.Equal((204, 10L), ((int)taken.StatusCode, taken.UploadOffset()));
    }

    [Theory]
    [InlineData("crc32 AAAAAA==")]
    [InlineData("SHA1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=")]
    [InlineData("sha1")]
    [InlineData("sha1 2jmj7l5rSw0yVb/vlWAYkK/YBw==")]
    [InlineData("sha1 not-base64")]
    [InlineData("")]
    public async Task Another_algorithm_or_half_a_value_is_refused(string checksum)
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(20, cancellationToken: Cancellation);

        var problem = await guest.Send(Tus.Patch(id, 0, Bytes).With("Upload-Checksum", checksum), Cancellation).Is(ErrorTable.InvalidRequest);

        Assert.Equal("Upload-Checksum", problem.Members["errors"][0].GetProperty("field").GetString());
        Assert.Equal(0, await guest.Offset(id, Cancellation));
    }

    [Fact]
    public async Task That_breaks_off_drops_it()
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(1 << 20, cancellationToken: Cancellation);
        await using var endless = new StalledStream(600_000);
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var piece = guest.Send(
            Tus.Patch(id, 0, new StreamContent(endless)).With("Upload-Checksum", "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk="), hangUp.Token);
        // At an offset that is not the upload's, so that this takes the upload from nobody.
        await Eventually.Holds(async () =>
            (await CaptionClient.Problem(await guest.Send(Tus.Patch(id, 1, Bytes), Cancellation), Cancellation)).Code == "upload_locked");

        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => piece);
        await Eventually.Holds(async () => (await guest.Send(Tus.Patch(id, 0, Bytes), Cancellation)).IsSuccessStatusCode);
        Assert.Equal(Bytes.Length, await guest.Offset(id, Cancellation));
    }
}
