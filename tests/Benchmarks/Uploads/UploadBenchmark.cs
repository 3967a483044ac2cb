using System.Diagnostics;
using System.Globalization;
using AX2Caption.Testing.Postgres;
using AX2Caption.Testing.Service;

namespace AX2Caption.Benchmarks.Uploads;

/// <summary>A large file over loopback to the local store, in pieces and as multipart, beside a plain copy of it; and many at once.</summary>
internal sealed class UploadBenchmark : IBenchmark
{
    private const long FileBytes = 2L << 30;
    private const int Rounds = 2;
    private const int AtOnce = 50;
    private const long PartBytes = 64L << 20;

    public string Name => "upload";

    public string Summary => "2 GiB by tus and by multipart, as a share of a plain copy's speed, and how much the Api's memory grows";

    public async Task<IReadOnlyList<Figure>> Run(TextWriter output, CancellationToken cancellationToken)
    {
        using var folder = new WorkFolder();
        var source = folder.File("noise.bin");
        await WriteNoise(source, cancellationToken);
        await using var postgres = await PostgresServer.Start(cancellationToken);
        await using var service = await CaptionService.Start(await postgres.CreateDatabase(cancellationToken), Settings, cancellationToken);
        using var client = service.CreateClient();
        await client.BecomeGuest(cancellationToken);

        // What is paid once: code that is compiled, connections, buffers.
        await Tus(client, source, PartBytes, cancellationToken);
        await Multipart(client, source, PartBytes, cancellationToken);
        using var memory = ResidentMemory.Watch(service.ApiProcessId);
        var (copy, tus, multipart) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        for (var round = 1; round <= Rounds; round++)
        {
            var copyTook = await Timed(() => Copy(source, folder.File("copy.bin"), cancellationToken));
            var tusTook = await Timed(() => Tus(client, source, FileBytes, cancellationToken));
            await Emptied(client, cancellationToken);
            var multipartTook = await Timed(() => Multipart(client, source, FileBytes, cancellationToken));
            await Emptied(client, cancellationToken);
            Say($"Round {round}: copy {Rate(copyTook)}, tus {Rate(tusTook)}, multipart {Rate(multipartTook)}; the Api's memory grew by {memory.GrowthMiB:0.0} MiB at most");
            (copy, tus, multipart) = (copy + copyTook, tus + tusTook, multipart + multipartTook);
        }

        var together = await Timed(() => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Tus(client, source, PartBytes, cancellationToken))));
        Say($"{AtOnce} uploads of {PartBytes >> 20} MiB at once: {AtOnce * (PartBytes >> 20) / together.TotalSeconds:0} MiB/s; the Api's memory grew by {memory.GrowthMiB:0.0} MiB at most");
        return [new("tus", copy / tus), new("multipart", copy / multipart), new("rssMiB", memory.GrowthMiB)];

        void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        static string Rate(TimeSpan took) => string.Create(CultureInfo.InvariantCulture, $"{(FileBytes >> 20) / took.TotalSeconds:0} MiB/s");
    }

    private static CaptionServiceSettings Settings => new()
    {
        Silo = new Dictionary<string, string>
        {
            ["Plans__Guest__MaximumFileBytes"] = $"{FileBytes}",
            ["Plans__Guest__MaximumVideos"] = "1000",
        },
        Api = new Dictionary<string, string> { ["RateLimits__UploadsPerAccount"] = $"{AtOnce}" },
    };

    private static async Task WriteNoise(string path, CancellationToken cancellationToken)
    {
        var noise = new byte[1 << 20];
        Random.Shared.NextBytes(noise);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var written = 0L; written < FileBytes; written += noise.Length)
        {
            // No two blocks alike, and no container.
            BitConverter.TryWriteBytes(noise, ~written);
            await file.WriteAsync(noise, cancellationToken);
        }

        file.Flush(flushToDisk: true);
    }

    private static async Task Copy(string source, string target, CancellationToken cancellationToken)
    {
        await using (var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0))
        await using (var to = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            await from.CopyToAsync(to, 1 << 20, cancellationToken);
            to.Flush(flushToDisk: true);
        }

        File.Delete(target);
    }

    private static async Task Tus(CaptionClient client, string source, long length, CancellationToken cancellationToken)
    {
        var id = await client.Begin(length, "noise.mp4", cancellationToken);
        await using var content = new LeadingBytes(source, length);
        using var body = new StreamContent(content, 1 << 20);
        body.Headers.ContentLength = length;
        using var response = await client.Send(Testing.Service.Tus.Patch(id, 0, body), cancellationToken);
        if ((int)response.StatusCode != 204 || response.UploadOffset() != length)
            throw new InvalidOperationException($"The upload ended with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    private static async Task Multipart(CaptionClient client, string source, long length, CancellationToken cancellationToken)
    {
        await using var content = new LeadingBytes(source, length);
        using var response = await client.Send(CaptionClient.UploadRequest(content, "noise.mp4"), cancellationToken);
        if ((int)response.StatusCode != 201)
            throw new InvalidOperationException($"The upload ended with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    /// <summary>Noise is rejected and deleted; the next measurement must not meet the probe of the last.</summary>
    private static async Task Emptied(CaptionClient client, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while ((await client.Videos("?limit=100", cancellationToken)).Items.Any(video => video.State is not "rejected"))
            await poll.WaitForNextTickAsync(cancellationToken);
    }

    private static async Task<TimeSpan> Timed(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start);
    }
}
