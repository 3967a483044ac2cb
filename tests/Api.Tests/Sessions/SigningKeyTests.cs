using AX2Caption.Api.Accounts;

namespace AX2Caption.Api.Tests.Accounts;

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

    [Fact]
    public void Validate_NoKeyInTheFile_NamesTheSetting()
    {
        var path = Path.Combine(folder, "text.pem");
        File.WriteAllText(path, "no key");

        var result = new AuthOptionsValidator().Validate(null, new AuthOptions { SigningKeyPath = path });

        Assert.StartsWith("Auth:SigningKeyPath", result.FailureMessage, StringComparison.Ordinal);
    }
}
