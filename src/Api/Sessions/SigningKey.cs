using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace AX2Caption.Api.Sessions;

/// <summary>An ES256 key that signs access tokens. Its <c>kid</c> is the RFC 7638 thumbprint of its public half.</summary>
/// <param name="CreatedAt">When it was made, as its file's name says.</param>
/// <param name="Key">The pair.</param>
internal sealed record SigningKey(DateTimeOffset CreatedAt, ECDsaSecurityKey Key)
{
    private const string P256 = "1.2.840.10045.3.1.7";

    public static ECDsaSecurityKey Read(string path)
    {
        var pair = ECDsa.Create();
        pair.ImportFromPem(File.ReadAllText(path));
        if (pair.ExportParameters(includePrivateParameters: true).Curve.Oid.Value != P256)
            throw new CryptographicException("the curve is not P-256");

        var key = new ECDsaSecurityKey(pair);
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        return key;
    }

    /// <summary>Makes a key file.</summary>
    /// <returns>Whether a key was made; false where a file already stands.</returns>
    public static bool Create(string path)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return SecretFile.Create(path, pair.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The public half's point, in base64url.</summary>
    public (string X, string Y) Point()
    {
        var point = Key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return (Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y));
    }
}
