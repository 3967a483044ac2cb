using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AX2Caption.Grains.Media;
using AX2Caption.Testing;

namespace AX2Caption.Grains.Tests.Media;

/// <summary>
/// What somebody might send to read this machine's files, reach its network or wear it out. Whatever it is, it is playable or rejected,
/// and nothing of it is left running.
/// </summary>
public sealed class HostileFilesTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly TcpListener network = new(IPAddress.Loopback, 0);

    public HostileFilesTests() => network.Start();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Url => $"http://127.0.0.1:{((IPEndPoint)network.LocalEndpoint).Port}";

    public static TheoryData<string, string> Playlists => new()
    {
        { "hls.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:3,\n{0}\n#EXT-X-ENDLIST\n" },
        { "hls.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:3,\n{0}\n#EXT-X-ENDLIST\n" },
        { "hls-of-hls.mp4", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n{0}\n" },
        { "hls-with-a-key.ts", "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXT-X-KEY:METHOD=AES-128,URI=\"{0}\"\n#EXTINF:3,\n{0}\n#EXT-X-ENDLIST\n" },
        { "hls-of-concat.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:3,\nconcat:{0}|{0}\n#EXT-X-ENDLIST\n" },
        { "script.mp4", "ffconcat version 1.0\nfile '{0}'\n" },
        { "script.ffconcat", "ffconcat version 1.0\nfile '{0}'\n" },
        {
            "manifest.mpd",
            "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-on-demand:2011\" type=\"static\" "
            + "mediaPresentationDuration=\"PT3S\"><Period><AdaptationSet contentType=\"audio\" mimeType=\"audio/mp4\"><Representation id=\"0\" "
            + "bandwidth=\"1000\"><BaseURL>{0}</BaseURL></Representation></AdaptationSet></Period></MPD>"
        },
        { "session.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\na=control:{0}\n" },
        { "reference.mov", "<?xml version=\"1.0\"?>\n<?quicktime type=\"application/x-quicktime-media-link\"?>\n<embed src=\"{0}\" autoplay=\"true\"/>\n" },
        { "page.mp4", "<html><audio src=\"{0}\"></audio></html>" },
        { "reference.avi", "[Reference]\nRef1={0}\nRef2={0}\n" },
        { "subtitles.mkv", "1\n00:00:00,000 --> 00:00:03,000\n<img src=\"{0}\">\n" },
    };

    [Theory]
    [MemberData(nameof(Playlists))]
    public async Task Probe_ATextThatNamesOtherMedia_IsNotMediaAndNothingIsAskedFor(string name, string text)
    {
        var canary = await Canary();
        foreach (var address in (string[])["file://" + canary, canary, Url + "/canary.ts"])
        {
            await File.WriteAllTextAsync(folder.File(name), text.Replace("{0}", address, StringComparison.Ordinal), Token);

            Assert.Equal(MediaRejection.NotMedia, Assert.IsType<MediaProbeResult.Rejected>(await Probe(name)).Code);
            // The same once more with nothing but the arguments between the file, whose name the tool sees there, and the machine.
            Assert.IsType<MediaProbeResult.Rejected>(await Probe(name, Unconfined));
        }

        Assert.False(network.Pending());
    }

    [Fact]
    public async Task Extract_APlaylistBesideTheCanary_IsNotDecoded()
    {
        var canary = await Canary();
        await File.WriteAllTextAsync(folder.File("script.mp4"), $"ffconcat version 1.0\nfile '{canary}'\n", Token);

        foreach (var sandbox in (MediaSandboxOptions[])[new(), Unconfined])
        {
            var failure = await Assert.ThrowsAsync<MediaUnreadableException>(() => MediaFixture.Extractor(sandbox).Extract(
                folder.File("script.mp4"), 0, folder.SubFolder("out"), TimeSpan.FromSeconds(3), Token));
            Assert.Equal(MediaRejection.MediaUnreadable, failure.Code);
        }
    }

    [Theory]
    [InlineData("jpg", "mp4", MediaRejection.NotMedia)]
    [InlineData("png", "ogg", MediaRejection.NotMedia)]
    [InlineData("mp4", "html", null)]
    [InlineData("mp4", "zip", null)]
    [InlineData("wav", "html", null)]
    [InlineData("mkv", "jpg", null)]
    public async Task Probe_TwoFilesInOne_IsWhatItBeginsWith(string first, string second, string? rejection)
    {
        await Glue("both.bin", first, second);

        var result = await Outcome("both.bin");

        Assert.Equal(rejection, (result as MediaProbeResult.Rejected)?.Code);
    }

    [Theory]
    [InlineData("zip", "mp3")]
    [InlineData("html", "mp3")]
    [InlineData("html", "mkv")]
    [InlineData("hls", "ts")]
    [InlineData("hls", "mp3")]
    [InlineData("ffconcat", "mp3")]
    public async Task Probe_MediaBehindSomethingElse_IsPlayableOrRejectedAndNothingIsAskedFor(string first, string second)
    {
        await Glue("both.bin", first, second);

        await Outcome("both.bin");
        await Probe("both.bin", Unconfined);

        Assert.False(network.Pending());
    }

    [Fact]
    public async Task Probe_APictureOfMillionsOfPixelsInAFewKilobytes_IsTooComplex()
    {
        await SampleSpeech.Ffmpeg(
            [
                "-f", "lavfi", "-i", "color=size=9000x4400:rate=1", "-f", "lavfi", "-i", "sine", "-t", "1", "-c:v", "png", "-c:a", "flac",
                folder.File("huge.mkv"),
            ],
            Token);

        Assert.Equal(MediaRejection.MediaTooComplex, Assert.IsType<MediaProbeResult.Rejected>(await Outcome("huge.mkv")).Code);
    }

    [Fact]
    public async Task Probe_AHeaderThatClaimsHugePictures_IsPlayableOrRejected()
    {
        await WriteVideo("video.mp4");
        var bytes = await File.ReadAllBytesAsync(folder.File("video.mp4"), Token);
        // Width and height of the sample entry, in which the configuration of the decoder follows.
        bytes.AsSpan(bytes.AsSpan().IndexOf("avcC"u8) - 58, 4).Fill(0xff);
        await File.WriteAllBytesAsync(folder.File("claims.mp4"), bytes, Token);

        await Outcome("claims.mp4");
    }

    [Fact]
    public async Task Probe_AnMp4WhoseHeadersClaimYears_IsMeasured()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine=duration=3", folder.File("short.m4a")], Token);
        var bytes = await File.ReadAllBytesAsync(folder.File("short.m4a"), Token);
        foreach (var (box, offset) in ((string, int)[])[("mvhd", 16), ("tkhd", 20), ("mdhd", 16)])
            Mp4.Field(bytes, box, offset).Fill(0x7f);
        await File.WriteAllBytesAsync(folder.File("claims.m4a"), bytes, Token);

        var info = Assert.IsType<MediaProbeResult.Playable>(await Outcome("claims.m4a")).Info;

        Assert.InRange(info.Duration, TimeSpan.FromSeconds(2.9), TimeSpan.FromSeconds(3.2));
    }

    [Fact]
    public async Task Probe_AnMp4WhosePacketsLastForHours_IsRejected()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine=duration=3", folder.File("short.m4a")], Token);
        var bytes = await File.ReadAllBytesAsync(folder.File("short.m4a"), Token);
        // Version and flags, the number of entries, the number of samples, and then how long each lasts.
        Mp4.Field(bytes, "stts", 12)[1..].Fill(0x7f);
        await File.WriteAllBytesAsync(folder.File("slow.m4a"), bytes, Token);

        Assert.IsType<MediaProbeResult.Rejected>(await Outcome("slow.m4a"));
    }

    [Fact]
    public async Task Probe_AnMp4ThatClaimsMillionsOfSamples_IsPlayableOrRejected()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine=duration=3", folder.File("short.m4a")], Token);
        var bytes = await File.ReadAllBytesAsync(folder.File("short.m4a"), Token);
        // Every sample is one byte long, and there are 250 million of them.
        Mp4.Field(bytes, "stsz", 4)[3] = 1;
        Mp4.Field(bytes, "stsz", 8)[0] = 0x0f;
        Mp4.Field(bytes, "stts", 8)[0] = 0x0f;
        Mp4.Field(bytes, "stsc", 12)[0] = 0x0f;
        await File.WriteAllBytesAsync(folder.File("many.m4a"), bytes, Token);

        await Outcome("many.m4a");
    }

    [Fact]
    public async Task Probe_AnMp4WithAMillionEdits_IsPlayableOrRejected()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine=duration=3", folder.File("short.m4a")], Token);
        var bytes = await File.ReadAllBytesAsync(folder.File("short.m4a"), Token);
        await File.WriteAllBytesAsync(folder.File("edits.m4a"), Mp4.WithEdits(bytes, 1_000_000), Token);

        await Outcome("edits.m4a");
    }

    [Fact]
    public async Task Probe_BoxesWithinBoxes_ArePlayableOrRejected()
    {
        const int Depth = 100_000;
        await using (var file = new BinaryWriter(File.Create(folder.File("deep.mp4"))))
        {
            file.Write("\0\0\0\u0018ftypisom\0\0\u0002\0isommp41"u8);
            for (var left = Depth; left > 0; left--)
            {
                file.Write(IPAddress.HostToNetworkOrder(left * 8));
                file.Write("moov"u8);
            }
        }

        Assert.IsType<MediaProbeResult.Rejected>(await Outcome("deep.mp4"));
    }

    [Fact]
    public async Task Probe_ThousandsOfStreams_AreTooMany()
    {
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine=duration=0.1", folder.File("one.m4a")], Token);
        var bytes = await File.ReadAllBytesAsync(folder.File("one.m4a"), Token);
        // Of more than a thousand ffprobe itself wants to hear nothing.
        foreach (var streams in (int[])[900, 5000])
        {
            await File.WriteAllBytesAsync(folder.File("many.m4a"), Mp4.WithTracks(bytes, streams), Token);

            Assert.IsType<MediaProbeResult.Rejected>(await Outcome("many.m4a"));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Probe_HardlyAnything_IsNotMedia(int length)
    {
        await File.WriteAllBytesAsync(folder.File("hardly.mp4"), new byte[length], Token);

        Assert.Equal(MediaRejection.NotMedia, Assert.IsType<MediaProbeResult.Rejected>(await Outcome("hardly.mp4")).Code);
    }

    [Fact]
    public async Task Probe_HoursOfSilenceInAFewKilobytes_AreBoundByTheirLength()
    {
        await SampleSpeech.Ffmpeg(
            ["-f", "lavfi", "-i", "anullsrc=sample_rate=8000:channel_layout=mono", "-t", "5:00:00", "-compression_level", "0", folder.File("bomb.flac")],
            Token);

        Assert.Equal(MediaRejection.MediaTooLong, Assert.IsType<MediaProbeResult.Rejected>(await Outcome("bomb.flac")).Code);
    }

    /// <summary>The seed is in the name of the failing case, so that it fails again.</summary>
    [Theory]
    [InlineData("mp4", 1)]
    [InlineData("mkv", 2)]
    [InlineData("ogg", 3)]
    [InlineData("mp3", 4)]
    public async Task Probe_DamagedFiles_ArePlayableOrRejectedAndNothingIsLeftRunning(string kind, int seed)
    {
        const int Variants = 10;
        await Make(kind, folder.File("whole." + kind));
        var whole = await File.ReadAllBytesAsync(folder.File("whole." + kind), Token);
        var random = new Random(seed);
        for (var variant = 0; variant < Variants; variant++)
        {
            await File.WriteAllBytesAsync(folder.File("damaged"), Damaged(whole, random), Token);

            await Outcome("damaged");
        }

        Assert.Empty(MediaFixture.ProcessesNaming(folder.Path));
    }

    public void Dispose()
    {
        network.Dispose();
        folder.Dispose();
    }

    private static MediaSandboxOptions Unconfined => new() { Required = false };

    /// <summary>Flips bits, most near the beginning where the structure is, and cuts every third file off.</summary>
    private static byte[] Damaged(byte[] whole, Random random)
    {
        var damaged = (byte[])whole.Clone();
        for (var flips = random.Next(1, 64); flips > 0; flips--)
        {
            var reach = random.Next(2) == 0 ? Math.Min(damaged.Length, 2048) : damaged.Length;
            damaged[random.Next(reach)] ^= (byte)(1 << random.Next(8));
        }

        return random.Next(3) == 0 ? damaged[..random.Next(1, damaged.Length)] : damaged;
    }

    private Task<MediaProbeResult> Probe(string name, MediaSandboxOptions? sandbox = null) =>
        MediaFixture.Probe(sandbox: sandbox).Probe(folder.File(name), null, Token);

    /// <summary>What the worker would do with it: probe it and, if that lets it pass, take a picture and the audio.</summary>
    private async Task<MediaProbeResult> Outcome(string name)
    {
        var result = await Probe(name);
        Assert.True(result is MediaProbeResult.Playable or MediaProbeResult.Rejected);
        if (result is not MediaProbeResult.Playable { Info: var info })
            return result;

        Assert.InRange(info.Duration, TimeSpan.FromTicks(1), new MediaOptions().MaxDuration);
        await MediaFixture.Thumbnailer().Take(folder.File(name), info, folder.SubFolder("picture"), Token);
        try
        {
            await MediaFixture.Extractor().Extract(folder.File(name), info.AudioStreamIndex, folder.SubFolder("out"), info.Duration, Token);
        }
        catch (MediaUnreadableException)
        {
            // Packets that are in order need not decode.
        }

        return result;
    }

    private async Task<string> Canary()
    {
        var path = folder.File("canary.ts");
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine", "-t", "3", path], Token);
        return path;
    }

    private async Task Glue(string name, string first, string second)
    {
        await Make(first, folder.File("first." + first));
        await Make(second, folder.File("second." + second));
        await using var glued = File.Create(folder.File(name));
        await glued.WriteAsync(await File.ReadAllBytesAsync(folder.File("first." + first), Token), Token);
        await glued.WriteAsync(await File.ReadAllBytesAsync(folder.File("second." + second), Token), Token);
    }

    private Task WriteVideo(string name) => Make("mp4", folder.File(name));

    private Task Make(string kind, string path) => kind switch
    {
        "zip" => File.WriteAllBytesAsync(path, [.. "PK\u0003\u0004"u8, .. new byte[26], .. "PK\u0005\u0006"u8, .. new byte[18]], Token),
        "html" => File.WriteAllTextAsync(path, $"<!doctype html><html><audio src=\"{Url}\"></audio></html>\n", Token),
        "hls" => File.WriteAllTextAsync(path, $"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:3,\n{Url}/x.ts\n#EXT-X-ENDLIST\n", Token),
        "ffconcat" => File.WriteAllTextAsync(path, $"ffconcat version 1.0\nfile '{Url}/x.ts'\n", Token),
        "jpg" or "png" => SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "1", path], Token),
        "mp4" or "mkv" => SampleSpeech.Ffmpeg(
            [
                "-f", "lavfi", "-i", "testsrc2=size=64x64:rate=5", "-f", "lavfi", "-i", "sine", "-t", "2",
                "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", path,
            ],
            Token),
        _ => SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine", "-t", "2", path], Token),
    };

    /// <summary>Just enough of ISO/IEC 14496-12 to break it on purpose.</summary>
    private static class Mp4
    {
        /// <summary>The four bytes that stand so many behind a box's name.</summary>
        public static Span<byte> Field(byte[] file, string box, int offset) => file.AsSpan(IndexOf(file, box) + 4 + offset, 4);

        /// <summary>Has the one track so many times.</summary>
        public static byte[] WithTracks(byte[] file, int tracks)
        {
            var start = IndexOf(file, "trak") - 4;
            var track = file[start..(start + SizeAt(file, start))];
            byte[] body = [.. file[..start], .. Enumerable.Repeat(track, tracks).SelectMany(box => box), .. file[(start + track.Length)..]];
            Grow(body, "moov", track.Length * (tracks - 1));
            return body;
        }

        /// <summary>Replaces the edit list by one of so many edits. Sizes of the boxes around it grow; the index, at the file's end, moves nothing.</summary>
        public static byte[] WithEdits(byte[] file, int edits)
        {
            var list = IndexOf(file, "elst");
            var before = 12 * SizeAt(file, list + 8);
            var added = (12 * edits) - before;
            byte[] body = [.. file[..(list + 8)], .. BigEndian(edits), .. Enumerable.Repeat(Edit, edits).SelectMany(edit => edit), .. file[(list + 12 + before)..]];
            foreach (var box in (string[])["moov", "trak", "edts", "elst"])
                Grow(body, box, added);
            return body;
        }

        // Of ten milliseconds each, all from the same place, at normal speed.
        private static readonly byte[] Edit = [.. BigEndian(10), .. BigEndian(1024), 0, 1, 0, 0];

        private static void Grow(byte[] file, string box, int by)
        {
            var start = IndexOf(file, box) - 4;
            BigEndian(SizeAt(file, start) + by).CopyTo(file, start);
        }

        private static int SizeAt(byte[] file, int position) => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(position));

        private static byte[] BigEndian(int number) => BitConverter.GetBytes(IPAddress.HostToNetworkOrder(number));

        private static int IndexOf(byte[] file, string box) =>
            file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(box)) is var index and >= 0 ? index : throw new InvalidOperationException($"There is no {box}.");
    }
}
