using System.Globalization;
using BCrypt.Net;
using Bcrypt = BCrypt.Net.BCrypt;

namespace AX2Caption.Grains.Passwords;

/// <summary>The function itself: 2^(work factor) rounds a hash, whose number is all that its time tells.</summary>
internal class BcryptFunction
{
    /// <summary>Hashes with a new salt.</summary>
    /// <param name="digest">What stands for the password.</param>
    /// <param name="workFactor">4 to 31.</param>
    public virtual string Hash(string digest, int workFactor) => Bcrypt.HashPassword(digest, workFactor);

    /// <summary>Whether the hash is of this digest: the hash's rounds, whatever comes out.</summary>
    /// <exception cref="SaltParseException">It is no hash.</exception>
    public virtual bool Verify(string digest, string hash) => Bcrypt.Verify(digest, hash);

    /// <summary>The work factor that a hash was made with.</summary>
    /// <exception cref="HashInformationException">It is no hash.</exception>
    public static int WorkFactorOf(string hash) => int.Parse(Bcrypt.InterrogateHash(hash).WorkFactor, CultureInfo.InvariantCulture);
}
