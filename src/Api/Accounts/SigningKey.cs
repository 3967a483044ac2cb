using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace AX2Caption.Api.Accounts;

/// <summary>The ES256 key that signs access tokens. Its <c>kid</c> is the RFC 7638 thumbprint of its public half.</summary>
internal static class SigningKey
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

    /// <summary>Makes a key file that only its owner can read. It appears whole or not at all, and never replaces one.</summary>
    /// <returns>Whether a key was made; false where a file already stands.</returns>
    public static bool Create(string path)
    {
        if (File.Exists(path))
            return false;

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var draft = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.CreateVersion7():N}");
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            var ownerOnly = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using (var file = new StreamWriter(draft, ownerOnly))
            {
                file.WriteLine(pair.ExportPkcs8PrivateKeyPem());
                file.Flush();
                ((FileStream)file.BaseStream).Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster; its key counts.
            return false;
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
