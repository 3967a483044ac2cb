using System.Text.Json;
using System.Text.RegularExpressions;

namespace AX2Caption.Grains.Media;

/// <summary>The part of ffprobe's JSON that is asked for.</summary>
internal sealed partial record FfprobeReport(FfprobeReport.FormatEntry? Format, IReadOnlyList<FfprobeReport.StreamEntry>? Streams)
{
    /// <summary>What <c>-show_entries</c> has to name.</summary>
    public const string Entries =
        "format=format_name:stream=index,codec_type,codec_name,channels,sample_rate,width,height"
        + ":stream_tags=language:stream_disposition=default,attached_pic";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>What it says; null if it is not what was asked for.</summary>
    public static FfprobeReport? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<FfprobeReport>(json, Json);
        }
        catch (JsonException)
        {
            // Numbers and text in it come from the file.
            return null;
        }
    }

    internal sealed record FormatEntry(string? FormatName);

    internal sealed record TagEntry(string? Language);

    internal sealed record DispositionEntry(int Default, int AttachedPic);

    internal sealed partial record StreamEntry(
        int Index, string? CodecType, string? CodecName, int? Channels, int? SampleRate, int? Width, int? Height,
        TagEntry? Tags, DispositionEntry? Disposition)
    {
        public bool IsDefault => Disposition is { Default: 1 };

        public MediaStream ToMediaStream() =>
            new(Index, Kind, CodecName ?? "unknown", WellFormedLanguage, Channels, SampleRate, Width, Height);

        private StreamKind Kind => CodecType switch
        {
            "audio" => StreamKind.Audio,
            "video" when Disposition is not { AttachedPic: 1 } => StreamKind.Video,
            "subtitle" => StreamKind.Subtitle,
            _ => StreamKind.Other,
        };

        private string? WellFormedLanguage =>
            Tags?.Language is { } tag && tag != "und" && LanguageTag().IsMatch(tag) ? tag : null;

        [GeneratedRegex("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$", RegexOptions.CultureInvariant)]
        private static partial Regex LanguageTag();
    }
}
