using System.Runtime.InteropServices;

namespace AX2Caption.Grains.Transcription;

/// <summary>What is used of libsphinxbase.so.3 and libpocketsphinx.so.3 (5prealpha).</summary>
internal static unsafe partial class PocketSphinxNative
{
    private const string Base = "libsphinxbase.so.3";
    private const string Decoder = "libpocketsphinx.so.3";

    [LibraryImport(Base, EntryPoint = "err_set_logfp")]
    public static partial void SetLogFile(nint file);

    [LibraryImport(Decoder, EntryPoint = "ps_args")]
    public static partial nint ArgumentDefinitions();

    [LibraryImport(Base, EntryPoint = "cmd_ln_parse_r", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ConfigurationHandle ParseArguments(nint inOut, nint definitions, int count, string[] arguments, int strict);

    [LibraryImport(Base, EntryPoint = "cmd_ln_free_r")]
    public static partial int FreeConfiguration(nint configuration);

    [LibraryImport(Base, EntryPoint = "fe_init_auto_r")]
    public static partial FrontEndHandle CreateFrontEnd(ConfigurationHandle configuration);

    [LibraryImport(Base, EntryPoint = "fe_free")]
    public static partial int FreeFrontEnd(nint frontEnd);

    [LibraryImport(Base, EntryPoint = "fe_get_output_size")]
    public static partial int FeatureDimension(FrontEndHandle frontEnd);

    [LibraryImport(Base, EntryPoint = "fe_start_stream")]
    public static partial void StartFeatureStream(FrontEndHandle frontEnd);

    [LibraryImport(Base, EntryPoint = "fe_start_utt")]
    public static partial int StartFeatures(FrontEndHandle frontEnd);

    [LibraryImport(Base, EntryPoint = "fe_process_frames")]
    public static partial int ProcessFrames(FrontEndHandle frontEnd, short** samples, nuint* sampleCount, float** frames, int* frameCount, int* frameIndex);

    [LibraryImport(Base, EntryPoint = "fe_end_utt")]
    public static partial int EndFeatures(FrontEndHandle frontEnd, float* lastFrame, int* frameCount);

    [LibraryImport(Decoder, EntryPoint = "ps_init")]
    public static partial DecoderHandle CreateDecoder(ConfigurationHandle configuration);

    [LibraryImport(Decoder, EntryPoint = "ps_free")]
    public static partial int FreeDecoder(nint decoder);

    [LibraryImport(Decoder, EntryPoint = "ps_start_stream")]
    public static partial int StartStream(DecoderHandle decoder);

    [LibraryImport(Decoder, EntryPoint = "ps_start_utt")]
    public static partial int StartUtterance(DecoderHandle decoder);

    [LibraryImport(Decoder, EntryPoint = "ps_process_cep")]
    public static partial int ProcessFeatures(DecoderHandle decoder, float** frames, int frameCount, int noSearch, int fullUtterance);

    [LibraryImport(Decoder, EntryPoint = "ps_end_utt")]
    public static partial int EndUtterance(DecoderHandle decoder);

    [LibraryImport(Decoder, EntryPoint = "ps_get_logmath")]
    public static partial nint LogMath(DecoderHandle decoder);

    [LibraryImport(Base, EntryPoint = "logmath_exp")]
    public static partial double Exp(nint logMath, int value);

    [LibraryImport(Decoder, EntryPoint = "ps_seg_iter")]
    public static partial nint FirstSegment(DecoderHandle decoder);

    [LibraryImport(Decoder, EntryPoint = "ps_seg_next")]
    public static partial nint NextSegment(nint segment);

    [LibraryImport(Decoder, EntryPoint = "ps_seg_word")]
    public static partial nint SegmentWord(nint segment);

    [LibraryImport(Decoder, EntryPoint = "ps_seg_frames")]
    public static partial void SegmentFrames(nint segment, int* first, int* last);

    [LibraryImport(Decoder, EntryPoint = "ps_seg_prob")]
    public static partial int SegmentProbability(nint segment, int* acousticScore, int* languageScore, int* languageBackoff);
}
