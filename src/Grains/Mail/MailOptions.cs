using System.ComponentModel.DataAnnotations;
using MimeKit;

namespace AX2Caption.Grains.Mail;

/// <summary>How mails are sent; section <c>Mail</c>. One of <see cref="Folder"/> and <see cref="SmtpOptions.Host"/> is needed.</summary>
public sealed class MailOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Mail";

    /// <summary>The sender. Default <c>AX2Caption &lt;no-reply@localhost&gt;</c>.</summary>
    [Required(ErrorMessage = "Mail:From must not be empty.")]
    public string From { get; set; } = "AX2Caption <no-reply@localhost>";

    /// <summary>Where the reader's browser reaches the Api: links in mails begin with it. Default <c>http://127.0.0.1:8080</c>.</summary>
    [Required(ErrorMessage = "Mail:PublicUrl must not be empty.")]
    public string PublicUrl { get; set; } = "http://127.0.0.1:8080";

    /// <summary>Folder that mails are written to as files instead of being sent, for development. Default none.</summary>
    public string? Folder { get; set; }

    /// <summary>The server that takes mails.</summary>
    [Required(ErrorMessage = "Mail:Smtp must not be empty.")]
    public SmtpOptions Smtp { get; set; } = new();

    /// <summary>Mails that one address is sent within any hour, whoever asks for them; the news of a changed password always is. Default 5; 1 to 100.</summary>
    [Range(1, 100, ErrorMessage = "Mail:PerAddressAndHour must be between 1 and 100.")]
    public int PerAddressAndHour { get; set; } = 5;

    /// <summary>How often a mail is tried before it is given up. Default 10; 1 to 100.</summary>
    [Range(1, 100, ErrorMessage = "Mail:MaximumAttempts must be between 1 and 100.")]
    public int MaximumAttempts { get; set; } = 10;

    /// <summary>The wait after a first failure; it doubles with each, up to an hour. Default 10 s; 0.1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00", ErrorMessage = "Mail:RetryDelay must be between 00:00:00.1 and 01:00:00.")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a silo looks for mails to be sent. Default 1 s; 0.05 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00", ErrorMessage = "Mail:PollInterval must be between 00:00:00.05 and 00:01:00.")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if ((Folder is null) == (Smtp.Host is null))
        {
            yield return new ValidationResult("Set either Mail:Smtp:Host, to send mails, or Mail:Folder, to write them to files.");
        }

        if (Folder is not null && !Path.IsPathFullyQualified(Folder))
        {
            yield return new ValidationResult($"Mail:Folder must be an absolute path, not '{Folder}'.");
        }

        if (!Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            || url.Host.Length == 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            yield return new ValidationResult($"Mail:PublicUrl must be an http or https address without a query, not '{PublicUrl}'.");
        }

        if (url is { IsLoopback: true } && Smtp.Host is { } host && !IsLoopback(host))
        {
            yield return new ValidationResult(
                $"Mail:PublicUrl is '{PublicUrl}', which leads readers of mails to their own machine: set it to where they reach the Api.");
        }

        if (!MailboxAddress.TryParse(From, out _))
        {
            yield return new ValidationResult($"Mail:From must look like 'Name <user@host>', not '{From}'.");
        }

        var problems = new List<ValidationResult>();
        Validator.TryValidateObject(Smtp, new ValidationContext(Smtp), problems, validateAllProperties: true);
        foreach (var problem in problems)
        {
            yield return problem;
        }

        if ((Smtp.User is null) != (Smtp.Password is null))
        {
            yield return new ValidationResult("Mail:Smtp:User and Mail:Smtp:Password go together.");
        }

        if (Smtp is { User: not null, Security: SmtpSecurity.None })
        {
            yield return new ValidationResult("Mail:Smtp:Security None would send Mail:Smtp:Password in the clear.");
        }
    }

    private static bool IsLoopback(string host) =>
        host == "localhost" || (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address));
}

/// <summary>A server that takes mails; section <c>Mail:Smtp</c>.</summary>
public sealed class SmtpOptions
{
    /// <summary>Its name. Default none.</summary>
    public string? Host { get; set; }

    /// <summary>Its port. Default 587.</summary>
    [Range(1, 65535, ErrorMessage = "Mail:Smtp:Port must be between 1 and 65535.")]
    public int Port { get; set; } = 587;

    /// <summary>How the connection is protected. Default <c>StartTls</c>.</summary>
    [EnumDataType(typeof(SmtpSecurity), ErrorMessage = "Mail:Smtp:Security is StartTls, Tls or None.")]
    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>Who signs in there. Default nobody.</summary>
    public string? User { get; set; }

    /// <summary>Their password.</summary>
    public string? Password { get; set; }

    /// <summary>How long one step of the protocol may take. Default 30 s; 1 s to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00", ErrorMessage = "Mail:Smtp:Timeout must be between 00:00:01 and 00:05:00.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>How a connection to a mail server is protected.</summary>
public enum SmtpSecurity
{
    /// <summary>TLS is begun by STARTTLS, or nothing is sent.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>Not at all: for a server on the same machine.</summary>
    None,
}
