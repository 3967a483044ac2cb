using System.Globalization;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AX2Caption.Grains.Mail;

/// <summary>Writes mails to files that any mail program and any text editor opens.</summary>
internal sealed class FolderTransport(IOptions<MailOptions> options, TimeProvider time) : IMailTransport
{
    public async Task Send(MimeMessage message, CancellationToken cancellationToken)
    {
        var folder = options.Value.Folder!;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var now = time.GetUtcNow();
        var name = $"{now.ToString("yyyyMMdd'T'HHmmss.fff", CultureInfo.InvariantCulture)}-{Guid.CreateVersion7(now):N}.eml";
        var draft = Path.Combine(folder, $".{name}.part");
        await using (var file = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            await message.WriteToAsync(file, cancellationToken);
        }

        File.Move(draft, Path.Combine(folder, name));
    }
}
