using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Transcription;

/// <summary>The offline engine. Section <c>Transcription:PocketSphinx</c>.</summary>
internal sealed class PocketSphinxOptions
{
    public const string Section = "Transcription:PocketSphinx";

    /// <summary>
    /// The folder with the acoustic model (<c>en-us/</c>), the language model (<c>en-us.lm.bin</c>) and the dictionary
    /// (<c>cmudict-en-us.dict</c>). Default <c>/usr/share/pocketsphinx/model/en-us</c>.
    /// </summary>
    [Required(ErrorMessage = "Transcription:PocketSphinx:ModelPath must not be empty.")]
    public string ModelPath { get; set; } = "/usr/share/pocketsphinx/model/en-us";

    /// <summary>How many chunks are recognised at once; each takes one processor, and a process with about 110 MB beside the runtime. Default: the number of processors.</summary>
    [Range(1, 1024, ErrorMessage = "Transcription:PocketSphinx:Decoders must be between 1 and 1024.")]
    public int Decoders { get; set; } = Environment.ProcessorCount;

    /// <summary>How long a chunk may take; then its process is ended and the chunk has failed. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Transcription:PocketSphinx:ChunkTimeout must be between 00:00:01 and 1.00:00:00.")]
    public TimeSpan ChunkTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The BCP 47 primary language subtags that the model serves; an empty list turns the engine off. Default <c>en</c>.</summary>
    // An array and no list: binding adds to a list, so that a configured value could never replace the default.
    public string[]? Languages { get; set; }

    /// <summary><see cref="Languages"/>, or the default where it is not configured.</summary>
    internal IReadOnlyList<string> ServedLanguages => Languages ?? ["en"];
}
