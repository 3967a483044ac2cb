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
            // However busy the machine is, only who is dead loses a task.
            ["Worker__LeaseDuration"] = "00:00:10",
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

    /// <summary>Waits, within bounds, until the auditor finds nothing.</summary>
    protected async Task BookIsInOrder() => Assert.Empty(await Book.AuditAtRest(Service, Ct));
}
