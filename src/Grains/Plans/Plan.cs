using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Plans;

/// <summary>What an account of one kind may do. Sections <c>Plans:Guest</c> and <c>Plans:Member</c>.</summary>
public sealed class Plan
{
    /// <summary>Largest file, in bytes. Default 1 GiB for guests, 20 GiB for members; 1 KiB to 1 TiB.</summary>
    [Range(1024L, 1L << 40)]
    public long MaximumFileBytes { get; set; }

    /// <summary>Longest audio of one video. Default 1 hour for guests, 4 hours for members; <c>Media:MaxDuration</c> bounds both.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaximumDuration { get; set; }

    /// <summary>Videos at once, in any state but deleted. Default 20 for guests, 100 for members.</summary>
    [Range(1, 100_000)]
    public int MaximumVideos { get; set; }

    /// <summary>How long a video and all that came of it stay after its last byte arrived. Default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Videos that may be pinned, which are not deleted by age. Default 0 for guests, 10 for members.</summary>
    [Range(0, 100_000)]
    public int MaximumPinned { get; set; }

    /// <summary>Its part of the workers where several accounts have work, against the others' weights. Default 1 for guests, 4 for members.</summary>
    [Range(0.01, 1000.0)]
    public double Weight { get; set; } = 1;

    /// <summary>Tasks of one account that workers are at, at the same time. Default 8 for guests, 64 for members.</summary>
    [Range(1, 10_000)]
    public int MaximumTasksAtWork { get; set; }
}
