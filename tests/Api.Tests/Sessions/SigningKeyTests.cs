using System.Globalization;
using AX2Caption.Api.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Api.Tests.Sessions;

public sealed class SigningKeyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ax2-keys-").FullName;

    private string KeyPath => Path.Combine(folder, "below", "key.pem");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Create_NoFile_MakesAKeyOnlyItsOwnerCanRead()
    {
        Assert.True(SigningKey.Create(KeyPath));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        Assert.Equal([KeyPath], Directory.GetFiles(Path.GetDirectoryName(KeyPath)!));
    }

    [Fact]
    public void Create_FileThere_LeavesItAlone()
    {
        SigningKey.Create(KeyPath);
        var before = File.ReadAllText(KeyPath);

        Assert.False(SigningKey.Create(KeyPath));
        Assert.Equal(before, File.ReadAllText(KeyPath));
    }

    [Fact]
    public void Read_SameFileTwice_GivesTheSameKeyId()
    {
        SigningKey.Create(KeyPath);

        Assert.Equal(SigningKey.Read(KeyPath).KeyId, SigningKey.Read(KeyPath).KeyId);
        Assert.Equal(43, SigningKey.Read(KeyPath).KeyId.Length);
    }

    [Theory]
    [InlineData("20260101T000000Z.pem", "no key")]
    [InlineData("key.pem", "")]
    [InlineData("key.txt", "")]
    public void Validate_FolderWithoutAUsableKey_NamesTheSetting(string name, string content)
    {
        File.WriteAllText(Path.Combine(folder, name), content);

        var result = new AuthOptionsValidator().Validate(null, new AuthOptions { SigningKeyFolder = folder });

        Assert.StartsWith("Auth:SigningKeyFolder", result.FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c2hvcnQ=")]
    [InlineData("not base64!")]
    public void Validate_BadPepper_NamesTheSetting(string content)
    {
        var path = Path.Combine(folder, "pepper");
        File.WriteAllText(path, content);

        var result = new AuthOptionsValidator().Validate(null, new AuthOptions { PepperPath = path });

        Assert.StartsWith("Auth:PepperPath", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Current_NewKey_SignsWhenItHasBeenPublishedForLongEnough()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
        SigningKeyFolder.CreateFirst(folder, clock.GetUtcNow());
        var options = new AuthOptions { SigningKeyFolder = folder };
        var keys = new SigningKeys(Options.Create(options), clock, NullLogger<SigningKeys>.Instance);
        var first = keys.Current.KeyId;
        clock.Advance(TimeSpan.FromHours(1));

        Assert.True(SigningKeyFolder.Add(folder, clock.GetUtcNow()));
        clock.Advance(options.KeyReloadInterval);
        Assert.Equal(2, keys.All().Count);
        Assert.Equal(first, keys.Current.KeyId);

        clock.Advance(options.KeyPublicationDelay - options.KeyReloadInterval - TimeSpan.FromSeconds(1));
        Assert.Equal(first, keys.Current.KeyId);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, keys.Current.KeyId);
        Assert.NotNull(keys.Find(first));
    }

    [Fact]
    public void All_FolderGone_GoesOnWithWhatIsKnown()
    {
        var clock = new FakeTimeProvider();
        SigningKeyFolder.CreateFirst(folder, clock.GetUtcNow());
        var keys = new SigningKeys(Options.Create(new AuthOptions { SigningKeyFolder = folder }), clock, NullLogger<SigningKeys>.Instance);
        var known = keys.Current.KeyId;

        File.Delete(Directory.GetFiles(folder).Single());
        clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(known, keys.Current.KeyId);
    }

    [Fact]
    public void DeleteSuperseded_OldKeysWithAnOldSuccessor_GoAndTheNewestStays()
    {
        var day = new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero);
        SigningKeyFolder.Add(folder, day);
        SigningKeyFolder.Add(folder, day.AddDays(1));
        SigningKeyFolder.Add(folder, day.AddDays(2));

        Assert.Equal(0, SigningKeyFolder.DeleteSuperseded(folder, day.AddDays(1)));
        Assert.Equal(1, SigningKeyFolder.DeleteSuperseded(folder, day.AddDays(1).AddSeconds(1)));
        Assert.Equal(1, SigningKeyFolder.DeleteSuperseded(folder, day.AddYears(1)));
        Assert.Equal(
            day.AddDays(2).ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), Path.GetFileNameWithoutExtension(Directory.GetFiles(folder).Single()));
    }
}
