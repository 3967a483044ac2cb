using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AX2Caption.Api.Sessions;

/// <summary>
/// The keys of the folder, read again now and then. A new key is known, and published, for a while before it signs; an old
/// one is good for as long as its file is there.
/// </summary>
internal sealed class SigningKeys(IOptions<AuthOptions> options, TimeProvider time, ILogger<SigningKeys> log)
{
    private readonly Lock turn = new();
    private IReadOnlyList<SigningKey> known = SigningKeyFolder.Read(options.Value.SigningKeyFolder);
    private long readAt = time.GetTimestamp();

    /// <summary>The newest key that has been published for long enough, or the oldest if none has.</summary>
    public ECDsaSecurityKey Current
    {
        get
        {
            var keys = All();
            var published = time.GetUtcNow() - options.Value.KeyPublicationDelay;
            return (keys.LastOrDefault(key => key.CreatedAt <= published) ?? keys[0]).Key;
        }
    }

    public ECDsaSecurityKey? Find(string? kid) => All().FirstOrDefault(key => key.Key.KeyId == kid)?.Key;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<SigningKey> All()
    {
        lock (turn)
        {
            if (time.GetElapsedTime(readAt) >= options.Value.KeyReloadInterval)
            {
                readAt = time.GetTimestamp();
                Reload();
            }

            return known;
        }
    }

    private void Reload()
    {
        try
        {
            known = SigningKeyFolder.Read(options.Value.SigningKeyFolder);
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException or FormatException)
        {
            // What is known goes on being good; nobody is signed out because a folder is away.
            log.LogError(exception, "The signing keys could not be read again; the ones that are known go on being used");
        }
    }
}
