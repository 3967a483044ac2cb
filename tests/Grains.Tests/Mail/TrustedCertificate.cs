using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AX2Caption.Grains.Tests.Mail;

/// <summary>
/// Certificates for localhost that sign themselves, of which this process trusts one. What is trusted is read from the native environment,
/// once, at the first use of TLS: so it is set before anything else runs, and nothing of it is left in anybody's store.
/// </summary>
internal static class TrustedCertificate
{
    private static X509Certificate2? trusted;

    public static X509Certificate2 Get() => trusted ?? throw new InvalidOperationException("The module was not initialised.");

    /// <summary>One that nobody trusts, good for an hour like the other.</summary>
    public static X509Certificate2 NewUntrusted()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
    }

    [ModuleInitializer]
    internal static void Trust()
    {
        trusted = NewUntrusted();
        var folder = Directory.CreateTempSubdirectory("ax2-trust-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        var file = Path.Combine(folder.FullName, "trusted.pem");
        File.WriteAllText(file, trusted.ExportCertificatePem());
        if (SetEnvironment("SSL_CERT_FILE", file, overwrite: 1) != 0)
            throw new InvalidOperationException("The environment could not be set.");
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(string name, string value, int overwrite);
}
