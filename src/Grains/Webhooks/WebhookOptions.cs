using System.ComponentModel.DataAnnotations;
using System.Net;

namespace AX2Caption.Grains.Webhooks;

/// <summary>How and where events are sent; section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Webhooks";

    /// <summary>Endpoints that one account may have. Default 5; 1 to 100.</summary>
    [Range(1, 100, ErrorMessage = "Webhooks:MaximumPerAccount must be between 1 and 100.")]
    public int MaximumPerAccount { get; set; } = 5;

    /// <summary>How long an attempt may take, from the look-up of the name to the answer's headers. Default 10 s; 1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ErrorMessage = "Webhooks:Timeout must be between 00:00:01 and 00:01:00.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a silo looks for events to be sent. Default 1 s; 0.05 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00", ErrorMessage = "Webhooks:PollInterval must be between 00:00:00.05 and 00:01:00.")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Events that one silo sends at once. Default 16; 1 to 256.</summary>
    [Range(1, 256, ErrorMessage = "Webhooks:Concurrency must be between 1 and 256.")]
    public int Concurrency { get; set; } = 16;

    /// <summary>Events that all silos together send to one endpoint at once. Default 2; 1 to 64.</summary>
    [Range(1, 64, ErrorMessage = "Webhooks:ConcurrencyPerEndpoint must be between 1 and 64.")]
    public int ConcurrencyPerEndpoint { get; set; } = 2;

    /// <summary>Events that one silo sends to all endpoints of one account at once: who answers slowly holds no more of its places. Default 4; 1 to 256.</summary>
    [Range(1, 256, ErrorMessage = "Webhooks:ConcurrencyPerAccount must be between 1 and 256.")]
    public int ConcurrencyPerAccount { get; set; } = 4;

    /// <summary>Events that may wait for one endpoint; beyond, the oldest are given up. Default 10,000; 1 to 100,000.</summary>
    [Range(1, 100_000, ErrorMessage = "Webhooks:MaximumPendingPerEndpoint must be between 1 and 100000.")]
    public int MaximumPendingPerEndpoint { get; set; } = 10_000;

    /// <summary>Events that have ended and are known of one endpoint; beyond, the oldest are forgotten, however young. Default 10,000; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Webhooks:MaximumKeptPerEndpoint must be between 1 and 1000000.")]
    public int MaximumKeptPerEndpoint { get; set; } = 10_000;

    /// <summary>The wait after a first failure, plus or minus a quarter; it doubles with each. Default 5 s; 0.1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00", ErrorMessage = "Webhooks:RetryDelay must be between 00:00:00.1 and 01:00:00.")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait between two attempts, whatever <c>Retry-After</c> says, plus a quarter at most; not less than <see cref="RetryDelay"/>. Default 4 h; 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Webhooks:MaximumRetryDelay must be between 00:00:01 and 1.00:00:00.")]
    public TimeSpan MaximumRetryDelay { get; set; } = TimeSpan.FromHours(4);

    /// <summary>How long after it happened, or was sent again by hand, an event is tried. Default 1 day, which is also the most; 1 min at least.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00", ErrorMessage = "Webhooks:GiveUpAfter must be between 00:01:00 and 1.00:00:00.")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Attempts at one endpoint that fail in a row before it is only probed. Default 10; 1 to 1,000.</summary>
    [Range(1, 1000, ErrorMessage = "Webhooks:FailuresToProbe must be between 1 and 1000.")]
    public int FailuresToProbe { get; set; } = 10;

    /// <summary>How long apart probes are. Default 1 min; 1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Webhooks:ProbeInterval must be between 00:00:01 and 01:00:00.")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>After how long with nothing but failures an endpoint is disabled. Default 5 days; 1 hour to 90 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00", ErrorMessage = "Webhooks:DisableAfter must be between 01:00:00 and 90.00:00:00.")]
    public TimeSpan DisableAfter { get; set; } = TimeSpan.FromDays(5);

    /// <summary>How long the secret before goes on signing beside a new one. Default 1 day; 0 to 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00", ErrorMessage = "Webhooks:PreviousSecretLifetime must be between 00:00:00 and 7.00:00:00.")]
    public TimeSpan PreviousSecretLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long it is known what was sent. Default 30 days; 1 hour to 365 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00", ErrorMessage = "Webhooks:KeepFor must be between 01:00:00 and 365.00:00:00.")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Whether events may be sent over plain HTTP too, where everybody on the way reads them. Default false.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Ports that events may be sent to beside 443, and 80 for plain HTTP: <c>8443</c> or <c>8000-8999</c>. Default none.</summary>
    public IList<string> AllowedPorts { get; set; } = [];

    /// <summary>Networks that events may be sent to although they are not public, such as <c>10.20.0.0/16</c>. Default none.</summary>
    public IList<string> AllowedNetworks { get; set; } = [];

    /// <summary>Networks that no event is sent to although they are public, such as the installation's own. Default none.</summary>
    public IList<string> RefusedNetworks { get; set; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaximumRetryDelay < RetryDelay)
        {
            yield return new ValidationResult($"Webhooks:MaximumRetryDelay of {MaximumRetryDelay} must not be less than Webhooks:RetryDelay of {RetryDelay}.");
        }

        foreach (var port in AllowedPorts.Where(port => PortRange.Read(port) is null))
        {
            yield return new ValidationResult($"Webhooks:AllowedPorts has '{port}', which is neither a port nor two with '-' between them.");
        }

        foreach (var network in AllowedNetworks.Where(network => !IPNetwork.TryParse(network, out _)))
        {
            yield return new ValidationResult($"Webhooks:AllowedNetworks has '{network}', which is no network such as 10.20.0.0/16.");
        }

        foreach (var network in RefusedNetworks.Where(network => !IPNetwork.TryParse(network, out _)))
        {
            yield return new ValidationResult($"Webhooks:RefusedNetworks has '{network}', which is no network such as 203.0.113.0/24.");
        }
    }
}
