using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Uploads;

/// <summary>How long uploads in pieces may take; section <c>Uploads</c> of the Silo.</summary>
internal sealed class UploadOptions
{
    public const string Section = "Uploads";

    /// <summary>An upload of which nothing arrived for this long is given up and deleted. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00", ErrorMessage = "Uploads:ExpireAfter must be between 00:00:01 and 30.00:00:00.")]
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>An upload that is not complete by then is given up and deleted, whatever arrived of it. Default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00", ErrorMessage = "Uploads:MaximumAge must be between 00:00:01 and 30.00:00:00.")]
    public TimeSpan MaximumAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long an address works to which a client sends a part straight to the store. Default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00", ErrorMessage = "Uploads:PartAddressLifetime must be between 00:00:01 and 7.00:00:00.")]
    public TimeSpan PartAddressLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long a writer that says nothing keeps others out: as long as a client waits after the process that took its bytes has
    /// died. Writers say so three times within it. Default 6 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.300", "00:05:00", ErrorMessage = "Uploads:WriterLease must be between 00:00:00.300 and 00:05:00.")]
    public TimeSpan WriterLease { get; set; } = TimeSpan.FromSeconds(6);
}
