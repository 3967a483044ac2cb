using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Media;

/// <summary>The limits and tools of the processes that open untrusted media. Section <c>Media:Sandbox</c>.</summary>
internal sealed class MediaSandboxOptions
{
    public const string Section = "Media:Sandbox";

    /// <summary>
    /// Whether media is opened in the sandbox only, and a worker that cannot build one refuses to start. Default true. False is for machines
    /// that have no namespaces and are given nothing but files of people you trust: the tools then run with the limits on memory, time
    /// and size alone, as the Silo's own user, with its files and its network.
    /// </summary>
    public bool Required { get; set; } = true;

    /// <summary>Most virtual memory of one process, in bytes. Default 2 GiB, at least 512 MiB.</summary>
    [Range(512L << 20, 1L << 46, ErrorMessage = "Media:Sandbox:AddressSpace must be between 536870912 and 70368744177664.")]
    public long AddressSpace { get; set; } = 2L << 30;

    /// <summary>Most processor time of one process, rounded up to whole seconds. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Media:Sandbox:CpuTime must be between 00:00:01 and 1.00:00:00.")]
    public TimeSpan CpuTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest run by the clock on the wall, after which every process of the run is killed. Default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ErrorMessage = "Media:Sandbox:WallTime must be between 00:00:00.001 and 1.00:00:00.")]
    public TimeSpan WallTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Largest file a run may write, in bytes. Default 1 GiB; an hour of extracted audio takes 115.2 MB.</summary>
    [Range(1L << 10, 1L << 46, ErrorMessage = "Media:Sandbox:FileSize must be between 1024 and 70368744177664.")]
    public long FileSize { get; set; } = 1L << 30;

    /// <summary>Most open files of one process. Default 64.</summary>
    [Range(16, 65536, ErrorMessage = "Media:Sandbox:OpenFiles must be between 16 and 65536.")]
    public int OpenFiles { get; set; } = 64;

    /// <summary>Most that is kept of each of a run's two output streams, in bytes; the rest is read and dropped. Default 1 MiB.</summary>
    [Range(1 << 10, 1 << 28, ErrorMessage = "Media:Sandbox:OutputSize must be between 1024 and 268435456.")]
    public int OutputSize { get; set; } = 1 << 20;

    /// <summary>The bubblewrap binary. Default <c>/usr/bin/bwrap</c>.</summary>
    [Required(ErrorMessage = "Media:Sandbox:Bwrap must not be empty.")]
    public string Bwrap { get; set; } = "/usr/bin/bwrap";

    /// <summary>The prlimit binary. Default <c>/usr/bin/prlimit</c>.</summary>
    [Required(ErrorMessage = "Media:Sandbox:Prlimit must not be empty.")]
    public string Prlimit { get; set; } = "/usr/bin/prlimit";

    /// <summary>The ffprobe binary, below <c>/usr</c>, which is all of the system that the sandbox sees. Default <c>/usr/bin/ffprobe</c>.</summary>
    [Required(ErrorMessage = "Media:Sandbox:Ffprobe must not be empty.")]
    [RegularExpression("/usr/.+", ErrorMessage = "Media:Sandbox:Ffprobe must be a path below /usr.")]
    public string Ffprobe { get; set; } = "/usr/bin/ffprobe";

    /// <summary>The ffmpeg binary, below <c>/usr</c>, which is all of the system that the sandbox sees. Default <c>/usr/bin/ffmpeg</c>.</summary>
    [Required(ErrorMessage = "Media:Sandbox:Ffmpeg must not be empty.")]
    [RegularExpression("/usr/.+", ErrorMessage = "Media:Sandbox:Ffmpeg must be a path below /usr.")]
    public string Ffmpeg { get; set; } = "/usr/bin/ffmpeg";
}
