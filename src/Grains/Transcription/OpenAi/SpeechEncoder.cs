using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using AX2Caption.Grains.Media;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Transcription.OpenAi;

/// <summary>
/// Compresses chunks with ffmpeg, without the media sandbox: what goes in are samples of our own making, which no parser reads.
/// </summary>
internal sealed class SpeechEncoder(IOptions<MediaSandboxOptions> tools, TimeProvider time)
{
    /// <summary>A hundred times what a chunk takes: an encoder that hangs must not keep its place for ever.</summary>
    private static readonly TimeSpan EncodeWithin = TimeSpan.FromMinutes(1);

    private static readonly string[] Input =
    [
        "-nostdin", "-hide_banner", "-v", "error", "-threads", "1",
        "-f", "s16le", "-ar", PcmAudio.SampleRate.ToString(CultureInfo.InvariantCulture), "-ac", "1", "-i", "pipe:0", "-map_metadata", "-1",
    ];

    public static string FileName(SpeechEncoding encoding) => encoding == SpeechEncoding.Flac ? "speech.flac" : "speech.ogg";

    public static string MediaType(SpeechEncoding encoding) => encoding == SpeechEncoding.Flac ? "audio/flac" : "audio/ogg";

    /// <summary>Throws, with a sentence that says what to do, if ffmpeg is not there.</summary>
    public void Check()
    {
        if (!File.Exists(tools.Value.Ffmpeg))
            throw new FileNotFoundException(
                $"'{tools.Value.Ffmpeg}' is missing. Install the package 'ffmpeg', or set its path in '{MediaSandboxOptions.Section}'.", tools.Value.Ffmpeg);
    }

    /// <exception cref="RecognitionFailedException">ffmpeg could not do it.</exception>
    public async Task<byte[]> Encode(PcmAudio audio, SpeechEncoding encoding, CancellationToken cancellationToken)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(
                tools.Value.Ffmpeg,
                [.. Input, .. encoding == SpeechEncoding.Flac ? (string[])["-c:a", "flac", "-f", "flac"] : ["-c:a", "libopus", "-b:a", "24k", "-f", "ogg"], "pipe:1"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.StartInfo.Environment.Clear();
        try
        {
            process.Start();
        }
        catch (Win32Exception fault)
        {
            throw RecognitionFailedException.Misconfigured(fault);
        }

        using var clock = new CancellationTokenSource(EncodeWithin, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        await using var kill = end.Token.UnsafeRegister(static process => ((Process)process!).Kill(), process);
        using var encoded = new MemoryStream();
        var output = process.StandardOutput.BaseStream.CopyToAsync(encoded, CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await Write(process, audio);
        await Task.WhenAll(output, errors);
        await process.WaitForExitAsync(CancellationToken.None);

        cancellationToken.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
            throw RecognitionFailedException.Failed(new InvalidOperationException($"ffmpeg ended with {process.ExitCode}: {await errors}"));

        var file = encoded.ToArray();
        if (encoding == SpeechEncoding.Flac)
            WriteLength(file, audio.Samples.Length);
        return file;
    }

    private static async Task Write(Process process, PcmAudio audio)
    {
        try
        {
            await using var input = process.StandardInput.BaseStream;
            await input.WriteAsync(audio.ToBytes(), CancellationToken.None);
        }
        catch (IOException)
        {
            // ffmpeg has ended early; its exit code tells.
        }
    }

    /// <summary>
    /// ffmpeg cannot go back in a pipe to say how long the stream has become, and some decoders believe a header that says nothing.
    /// RFC 9639, section 8.2: the total of samples is the lower 36 bits of the eight bytes from the tenth of STREAMINFO on.
    /// </summary>
    private static void WriteLength(byte[] flac, int samples)
    {
        const int Markers = 8;
        var field = flac.AsSpan(Markers + 10, sizeof(ulong));
        var others = BinaryPrimitives.ReadUInt64BigEndian(field) >> 36 << 36;
        BinaryPrimitives.WriteUInt64BigEndian(field, others | (uint)samples);
    }
}
