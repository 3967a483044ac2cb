using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using AX2Caption.Grains.Mail;
using MimeKit;

namespace AX2Caption.Grains.Tests.Mail;

/// <summary>A real SMTP server, Debian's aiosmtpd, as a process on a port of its own.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly Process process;
    private readonly DirectoryInfo folder;

    private SmtpServer(Process process, DirectoryInfo folder, int port) => (this.process, this.folder, Port) = (process, folder, port);

    public int Port { get; }

    /// <param name="certificate">With which it takes mails over STARTTLS and in no other way; null for in the clear.</param>
    /// <param name="login">Who alone may send; null for everybody.</param>
    public static async Task<SmtpServer> Start(X509Certificate2? certificate = null, (string User, string Password)? login = null)
    {
        var folder = Directory.CreateTempSubdirectory("ax2-smtp-");
        List<string> arguments = [Path.Combine(AppContext.BaseDirectory, "Mail", "smtp_server.py"), folder.FullName];
        if (certificate is not null)
        {
            var (publicPart, key) = (Path.Combine(folder.FullName, "certificate.pem"), Path.Combine(folder.FullName, "key.pem"));
            await File.WriteAllTextAsync(publicPart, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(key, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
            arguments.AddRange(["--tls", publicPart, key]);
        }

        if (login is var (user, password))
            arguments.AddRange(["--login", user, password]);

        // Debian's Python, whatever other one comes first on the path.
        var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var port = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException("The SMTP server did not start. Is Debian's python3-aiosmtpd installed?");
        return new SmtpServer(process, folder, int.Parse(port, CultureInfo.InvariantCulture));
    }

    public SmtpOptions Options(SmtpSecurity security, string? user = null, string? password = null) =>
        new() { Host = "localhost", Port = Port, Security = security, User = user, Password = password, Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>What it has taken, oldest first.</summary>
    public async Task<IReadOnlyList<MimeMessage>> Mails() => [.. await Task.WhenAll(
        folder.EnumerateFiles("*.eml").OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => MimeMessage.LoadAsync(file.FullName, TestContext.Current.CancellationToken)))];

    /// <summary>It is gone, with all connections; what it took stays to be looked at.</summary>
    public async Task Stop()
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await Stop();
        process.Dispose();
        folder.Delete(recursive: true);
    }
}
