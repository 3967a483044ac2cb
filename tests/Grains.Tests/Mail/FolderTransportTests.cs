using AX2Caption.Grains.Mail;
using AX2Caption.Grains.Tests.Cluster;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AX2Caption.Grains.Tests.Mail;

public sealed class FolderTransportTests : IDisposable
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("ax2-mails-");
    private readonly BusinessClock clock = new();

    private string Folder => Path.Combine(parent.FullName, "mails");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => parent.Delete(recursive: true);

    [Fact]
    public async Task Send_WritesOneFileForItsOwnerAlone()
    {
        await Send(Mail("안녕하세요."));

        Assert.Equal(OwnersAlone | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        var file = Assert.Single(Directory.GetFiles(Folder));
        Assert.StartsWith("20160301T120000.000-", Path.GetFileName(file), StringComparison.Ordinal);
        Assert.Equal(OwnersAlone, File.GetUnixFileMode(file));
        Assert.Equal("안녕하세요.", (await MimeMessage.LoadAsync(file, Ct)).TextBody!.Trim());
        Assert.Contains("안녕하세요.", await File.ReadAllTextAsync(file, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ManyInOneMoment_KeepsThemAll()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Send(Mail($"Mail {i}."))));

        Assert.Equal(50, Directory.GetFiles(Folder, "*.eml").Length);
    }

    [Fact]
    public async Task Send_UntilItIsWhole_ShowsNothing()
    {
        // A body that stops half way until the test lets it go on.
        var half = new TaskCompletionSource();
        var rest = new TaskCompletionSource();
        using var body = new StallingStream(half, rest.Task);
        var mail = Mail("");
        mail.Body = new MimePart("text", "plain") { Content = new MimeContent(body) };
        var sending = Task.Run(() => Send(mail), Ct);
        Assert.Same(half.Task, await Task.WhenAny(half.Task, sending));
        Assert.Empty(Visible());

        rest.SetResult();
        await sending;

        Assert.Single(Visible());
        Assert.Single(Directory.GetFileSystemEntries(Folder));
    }

    private IEnumerable<string> Visible() =>
        Directory.EnumerateFiles(Folder).Where(file => !Path.GetFileName(file).StartsWith('.'));

    private Task Send(MimeMessage mail) =>
        new FolderTransport(Options.Create(new MailOptions { Folder = Folder }), clock).Send(mail, Ct);

    private static MimeMessage Mail(string body) => new(
        [MailboxAddress.Parse("no-reply@localhost")], [MailboxAddress.Parse("ada@example.com")], "A subject",
        new TextPart("plain") { Text = body, ContentTransferEncoding = ContentEncoding.EightBit });

    /// <summary>Gives some bytes, says so, and gives no more until it may.</summary>
    private sealed class StallingStream(TaskCompletionSource half, Task rest) : MemoryStream(new byte[100_000])
    {
        public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            if (Position >= Length / 2)
            {
                half.TrySetResult();
                await rest;
            }

            return Read(buffer, offset, Math.Min(count, 4_096));
        }
    }
}
