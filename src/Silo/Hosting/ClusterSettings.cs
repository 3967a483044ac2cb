using System.ComponentModel.DataAnnotations;
using System.Net;

namespace AX2Caption.Silo.Hosting;

/// <summary>This silo's place in the cluster; section <c>Cluster</c>.</summary>
public sealed class ClusterSettings : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Cluster";

    /// <summary>Silos and clients of one id find each other. Default <c>ax2caption</c>.</summary>
    [Required(ErrorMessage = "Cluster:ClusterId must not be empty.")]
    [MaxLength(100, ErrorMessage = "Cluster:ClusterId must have at most 100 characters.")]
    public string ClusterId { get; set; } = "ax2caption";

    /// <summary>Names stored grain state and reminders; must never change. Default <c>ax2caption</c>.</summary>
    [Required(ErrorMessage = "Cluster:ServiceId must not be empty.")]
    [MaxLength(100, ErrorMessage = "Cluster:ServiceId must have at most 100 characters.")]
    public string ServiceId { get; set; } = "ax2caption";

    /// <summary>Where other silos reach this one. Default 127.0.0.1, which suits a single machine only.</summary>
    [Required(ErrorMessage = "Cluster:AdvertisedAddress must not be empty.")]
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>Port for silos. Default 11111.</summary>
    [Range(1, 65535, ErrorMessage = "Cluster:SiloPort must be between 1 and 65535.")]
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port for clients. Default 30000.</summary>
    [Range(1, 65535, ErrorMessage = "Cluster:GatewayPort must be between 1 and 65535.")]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// How often silos probe each other, and how long an answer may take, until answers have shown how long they do take: then half of it to four times as much.
    /// 200 ms to 1 min. Default 500 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:01:00", ErrorMessage = "Cluster:ProbeTimeout must be between 00:00:00.200 and 00:01:00.")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// After so many probes without an answer, the last of them made by a third silo where there is one, a silo counts as dead; unless anything else was heard of it
    /// lately. Default 3, 1 to 20.
    /// </summary>
    [Range(1, 20, ErrorMessage = "Cluster:MissedProbes must be between 1 and 20.")]
    public int MissedProbes { get; set; } = 3;

    /// <summary>
    /// How often a silo reads who is in the cluster, beside what the others tell it: one that counts as dead and is not, since it was frozen, learns of it
    /// nowhere else, and ends. 1 s to 1 min. Default 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ErrorMessage = "Cluster:MembershipRefresh must be between 00:00:01 and 00:01:00.")]
    public TimeSpan MembershipRefresh { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How far this machine's clock may be from the database's: a silo that is further off does not start, or is not ready. Default 30 s, 1 s to 1 h; beyond 30 s
    /// two silos may be so far apart that fewer votes than usual make one count as dead.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Cluster:MaximumClockError must be between 00:00:01 and 01:00:00.")]
    public TimeSpan MaximumClockError { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What this silo does: <c>core</c> runs grains, <c>worker</c> does media work. Default both.</summary>
    public IList<string> Roles { get; set; } = [];

    internal bool IsCore => Roles.Count == 0 || Roles.Contains("core");

    internal bool IsWorker => Roles.Count == 0 || Roles.Contains("worker");

    internal IPAddress Address => IPAddress.Parse(AdvertisedAddress);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(AdvertisedAddress, out _))
        {
            yield return new ValidationResult($"{Section}:{nameof(AdvertisedAddress)} must be an IP address.");
        }

        if (Roles.Except(["core", "worker"]).ToList() is [var unknown, ..])
        {
            yield return new ValidationResult($"{Section}:{nameof(Roles)} knows core and worker, not '{unknown}'.");
        }
    }
}
