namespace AX2Caption.Grains.Media;

/// <summary>A list of codecs as a setting has it.</summary>
internal static class CodecNames
{
    // ffmpeg's list of what may be opened goes by decoder, and some decoders have names of their own.
    private static readonly Dictionary<string, string> Decoders = new()
    {
        ["amr_nb"] = "amrnb",
        ["amr_wb"] = "amrwb",
        ["av1"] = "libdav1d,libaom-av1,av1",
        ["dts"] = "dca",
        ["flv1"] = "flv",
        ["mp2"] = "mp2float,mp2",
        ["mp3"] = "mp3float,mp3",
        ["msmpeg4v3"] = "msmpeg4",
        ["opus"] = "opus,libopus",
        ["speex"] = "speex,libspeex",
        ["vorbis"] = "vorbis,libvorbis",
    };

    public static bool Contains(string codecs, string codec) => codecs.Split(',').Contains(codec);

    /// <summary>The names by which ffmpeg knows the decoders of these codecs, joined by commas.</summary>
    public static string DecodersOf(string codecs) =>
        string.Join(',', codecs.Split(',').Select(codec => Decoders.GetValueOrDefault(codec, codec)));
}
