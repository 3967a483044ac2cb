using AX2Caption.Testing;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Postgres;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios;

/// <summary>A whole service of its own for one class of scenarios, with a worker of one slot so that chunks are recognised one by one.</summary>
public abstract class Scenario(PostgresFixture postgres) : IAsyncLifetime
{
    private CaptionService? service;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected CaptionService Service => service ?? throw new InvalidOperationException("xunit has not initialised the scenario yet.");

    protected PostgresServer Postgres => postgres.Server;

    protected virtual CaptionServiceSettings Settings => new()
    {
        Silo = new Dictionary<string, string>
        {
            ["Worker__Slots"] = "1",
            // Several chunks from a short sample.
            ["Transcription__Chunks__Target"] = "00:00:08",
            ["Transcription__Chunks__Max"] = "00:00:16",
        },
    };

    public virtual async ValueTask InitializeAsync() =>
        service = await CaptionService.Start(await postgres.Server.CreateDatabase(Ct), Settings, Ct);

    /// <summary>Makes the service's folder and database, and starts nothing.</summary>
    protected async Task Prepare() => service = await CaptionService.Prepare(await postgres.Server.CreateDatabase(Ct), Settings, Ct);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (service is not null)
            await service.DisposeAsync();
    }

    /// <summary>A path in the service's folder.</summary>
    protected string NewPath(string name) => Path.Combine(Service.Folder, name);

    /// <summary>A guest with the sample uploaded, examined and submitted.</summary>
    protected async Task<(CaptionClient Client, ClientJob Job)> SubmitSample(int repetitions = 2)
    {
        var path = NewPath("sample.mp4");
        await SampleSpeech.WriteVideo(path, repetitions, Ct);
        var client = Service.CreateClient();
        await client.BecomeGuest(Ct);
        var video = await client.UploadAndProbe(path, Ct);
        return (client, await client.Submit(video.Id, cancellationToken: Ct));
    }

    /// <summary>Waits, within bounds, until the auditor finds nothing: what is owed may still be under way for a moment.</summary>
    protected async Task BookIsInOrder()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var violations = await Book.Audit(Service, Ct);
        while (violations.Count > 0 && await Tick(poll, limit.Token))
            violations = await Book.Audit(Service, Ct);
        Assert.Empty(violations);
    }

    private static async Task<bool> Tick(PeriodicTimer poll, CancellationToken limit)
    {
        try
        {
            return await poll.WaitForNextTickAsync(limit);
        }
        catch (OperationCanceledException) when (!Ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
