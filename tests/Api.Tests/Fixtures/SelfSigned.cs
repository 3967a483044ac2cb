using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>Certificates that nobody but a test trusts.</summary>
internal static class SelfSigned
{
    /// <summary>Makes one for a host name and 127.0.0.1, and writes it and its key to files, as PEM.</summary>
    /// <returns>The certificate, by which to know it again.</returns>
    public static async Task<X509Certificate2> Write(string host, string certificatePath, string keyPath)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        await File.WriteAllTextAsync(certificatePath, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyPath, key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
