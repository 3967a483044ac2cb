using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Media;

/// <summary>What media is accepted. Section <c>Media</c>.</summary>
internal sealed class MediaOptions
{
    public const string Section = "Media";

    private const string CodecList = "[a-z0-9_]+(,[a-z0-9_]+)*";

    /// <summary>
    /// Longest audio that is captioned, measured and not claimed; longer media is rejected. The owner's plan may allow less.
    /// Default 4 hours, at most 24.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Media:MaxDuration must be between 00:00:01 and 1.00:00:00.")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromHours(4);

    /// <summary>Most streams of all kinds in one file. Default 32.</summary>
    [Range(1, 1000, ErrorMessage = "Media:MaxStreams must be between 1 and 1000.")]
    public int MaxStreams { get; set; } = 32;

    /// <summary>
    /// Most audio streams of one file that are measured, each by reading the file once; the others cannot be captioned. Default 8.
    /// </summary>
    [Range(1, 1000, ErrorMessage = "Media:MaxAudioStreams must be between 1 and 1000.")]
    public int MaxAudioStreams { get; set; } = 8;

    /// <summary>Most pixels of one picture, width × height. Default 35,651,584 (8192 × 4352, a little above 8K UHD).</summary>
    [Range(1, int.MaxValue, ErrorMessage = "Media:MaxPixels must be between 1 and 2147483647.")]
    public int MaxPixels { get; set; } = 8192 * 4352;

    /// <summary>
    /// The audio codecs that are decoded, as ffmpeg names them, joined by commas; audio of another codec is rejected. Default: what
    /// phones, cameras, recorders, browsers and players write.
    /// </summary>
    [Required(ErrorMessage = "Media:AudioCodecs must not be empty.")]
    [RegularExpression(CodecList, ErrorMessage = "Media:AudioCodecs must be names with commas between them and no spaces.")]
    public string AudioCodecs { get; set; } =
        "aac,aac_latm,ac3,adpcm_ima_wav,adpcm_ms,alac,amr_nb,amr_wb,dts,eac3,flac,mp2,mp3,opus,"
        + "pcm_alaw,pcm_f32be,pcm_f32le,pcm_f64be,pcm_f64le,pcm_mulaw,pcm_s16be,pcm_s16le,pcm_s24be,pcm_s24le,pcm_s32be,pcm_s32le,pcm_s8,pcm_u8,"
        + "speex,vorbis,wmapro,wmav1,wmav2";

    /// <summary>
    /// The picture codecs that a thumbnail is taken of, as ffmpeg names them, joined by commas; a file with pictures of another codec is
    /// accepted for its audio. Default: what phones, cameras, browsers and players write.
    /// </summary>
    [Required(ErrorMessage = "Media:PictureCodecs must not be empty.")]
    [RegularExpression(CodecList, ErrorMessage = "Media:PictureCodecs must be names with commas between them and no spaces.")]
    public string PictureCodecs { get; set; } =
        "av1,flv1,h263,h264,hevc,mjpeg,mpeg1video,mpeg2video,mpeg4,msmpeg4v3,prores,theora,vc1,vp8,vp9,wmv1,wmv2,wmv3";
}
