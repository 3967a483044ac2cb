using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Work;

/// <summary>How tasks are leased, retried and swept; section <c>Worker</c>.</summary>
public sealed class WorkOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Worker";

    /// <summary>Tasks that this silo works on at once. 0 means one for each processor. Default 0.</summary>
    [Range(0, 256, ErrorMessage = "Worker:Slots must be between 0 and 256.")]
    public int Slots { get; set; }

    /// <summary>How long a claim holds without a heartbeat, by the database's clock. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "Worker:LeaseDuration must be between 00:00:01 and 00:10:00.")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often a worker renews its leases, and so learns what was canceled; at most a third of <see cref="LeaseDuration"/>. Default 3 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:03:20", ErrorMessage = "Worker:HeartbeatInterval must be between 00:00:00.100 and 00:03:20.")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a worker with a free slot waits between two looks at the queue, plus or minus a quarter. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00", ErrorMessage = "Worker:PollInterval must be between 00:00:00.050 and 00:01:00.")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a core silo looks for what a crash left. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00", ErrorMessage = "Worker:SweepInterval must be between 00:00:00.100 and 00:10:00.")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Rows that one sweep looks at. Default 100.</summary>
    [Range(1, 10_000, ErrorMessage = "Worker:SweepLimit must be between 1 and 10000.")]
    public int SweepLimit { get; set; } = 100;

    /// <summary>
    /// Attempts that a task gets before it ends for good; a hand-back at shutdown does not count, nor does what fails in an outage. Default 3.
    /// </summary>
    [Range(1, 20, ErrorMessage = "Worker:MaximumAttempts must be between 1 and 20.")]
    public int MaximumAttempts { get; set; } = 3;

    /// <summary>Pause before a failed task's second attempt; doubled for each further one. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "Worker:RetryDelay must be between 00:00:00 and 00:10:00.")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a task rests that a worker cannot read and so hands back; one of a newer version may know it. Default 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Worker:UnknownTaskDelay must be between 00:00:01 and 01:00:00.")]
    public TimeSpan UnknownTaskDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Pause of a task that failed because a speech server is away, or its worker has no such engine; doubled each time in a row, give or take
    /// a quarter. Such an attempt does not count. Also the rest, a second at least, of a worker whose machine made a task fail. Default 5 s; at most
    /// <see cref="MaximumOutageDelay"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ErrorMessage = "Worker:OutageDelay must be between 00:00:00 and 01:00:00.")]
    public TimeSpan OutageDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest that <see cref="OutageDelay"/> grows to, and that a server's <c>Retry-After</c> is obeyed. Default 10 min; 0.1 s to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00", ErrorMessage = "Worker:MaximumOutageDelay must be between 00:00:00.100 and 1.00:00:00.")]
    public TimeSpan MaximumOutageDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Folder for the working files of tasks; each worker process keeps to a folder of its own below it. Default: below the system's temporary folder.</summary>
    [Required(ErrorMessage = "Worker:ScratchRoot must not be empty.")]
    public string ScratchRoot { get; set; } = Path.Combine(Path.GetTempPath(), "ax2caption");

    /// <summary>A worker that was not heard of for this long counts as gone. Default 45 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Worker:WorkerGoneAfter must be between 00:00:01 and 01:00:00.")]
    public TimeSpan WorkerGoneAfter { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long a task is kept after it was queued, for whoever looks into what became of a job. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "30.00:00:00", "3650.00:00:00", ErrorMessage = "Worker:KeepTasks must be between 30.00:00:00 and 3650.00:00:00.")]
    public TimeSpan KeepTasks { get; set; } = TimeSpan.FromDays(30);

    internal int EffectiveSlots => Slots > 0 ? Slots : Environment.ProcessorCount;

    internal bool OutageDelayFitsItsMaximum => OutageDelay <= MaximumOutageDelay;

    internal bool HeartbeatFitsLease => HeartbeatInterval * 3 <= LeaseDuration;
}
