using System.Buffers.Binary;
using System.Security.Cryptography;
using AX2Caption.Testing;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios.Uploads;

/// <summary>Api and Silo are killed at random points of an upload, which its client resumes each time.</summary>
public sealed class KillingDuringAnUpload(PostgresFixture postgres) : Scenario(postgres)
{
    private const int Length = 48 << 20;
    private const int Kills = 4;
    private const int Step = 100_000;

    protected override CaptionServiceSettings Settings => base.Settings with
    {
        Silo = new Dictionary<string, string>(base.Settings.Silo) { ["Uploads__WriterLease"] = "00:00:02" },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Loses_no_byte_that_was_acknowledged_and_leaves_the_object_whole(bool killSilo)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        var bytes = await Sample(random);
        using var client = Service.CreateClient();
        await client.BecomeGuest(Ct);
        var id = await client.Begin(Length, "noise.mp4", Ct);

        var acknowledged = 0L;
        for (var kill = 0; kill < Kills; kill++)
        {
            var stop = (int)random.NextInt64(acknowledged + 1, Length - ((Kills - kill) * Step));
            // Sent up to a place and held there: the kill comes somewhere between what is on its way and what is written.
            await using var body = new GatedStream(bytes[(int)acknowledged..], stop - (int)acknowledged, Task.Delay(Timeout.Infinite, Ct));
            using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var piece = client.Send(Tus.Patch(id, acknowledged, new StreamContent(body)), hangUp.Token);
            await Task.WhenAny(piece, body.Reached);
            await (killSilo ? Service.KillSilo() : Service.KillApi());
            await (killSilo ? Service.StartSilo(Ct) : Service.StartApi(Ct));
            await hangUp.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => piece);

            var offset = await Resumable(client, id);
            Assert.InRange(offset, acknowledged, stop);
            acknowledged = await client.Append(id, offset, bytes[(int)offset..((int)offset + Step)], Ct);
        }

        await client.Append(id, acknowledged, bytes[(int)acknowledged..], Ct);
        var video = await client.WaitForProbe(id, Ct);

        Assert.Equal("ready", video.State);
        using (var content = await client.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{id}/content"), Ct))
            Assert.Equal(SHA256.HashData(bytes), await SHA256.HashDataAsync(await content.Content.ReadAsStreamAsync(Ct), Ct));
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(bytes)),
            (await Book.Query<string>(Service, $"select encode(sha256, 'hex') from video where video_id = '{id}'", Ct)).Single());
        await BookIsInOrder();
    }

    /// <summary>A video that can be captioned, with noise behind it in which no byte can be another's.</summary>
    private async Task<byte[]> Sample(Random random)
    {
        var path = NewPath($"{Guid.CreateVersion7()}.mp4");
        await SampleSpeech.WriteVideo(path, cancellationToken: Ct);
        var bytes = await File.ReadAllBytesAsync(path, Ct);
        var end = bytes.Length;
        Array.Resize(ref bytes, Length);
        // A box of the kind that readers pass over, as long as all that is left.
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(end), Length - end);
        "free"u8.CopyTo(bytes.AsSpan(end + 4));
        random.NextBytes(bytes.AsSpan(end + 8));
        return bytes;
    }

    /// <summary>Waits, within bounds, until nobody writes any more.</summary>
    /// <returns>Where the upload stands.</returns>
    private static async Task<long> Resumable(CaptionClient client, Guid id)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var offset = await client.Offset(id, limit.Token);
            using var probe = await client.Send(Tus.Patch(id, offset, []), limit.Token);
            if ((int)probe.StatusCode == 204)
                return probe.UploadOffset();
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }
}
