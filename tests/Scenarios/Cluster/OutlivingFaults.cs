using Xunit.Sdk;

namespace AX2Caption.Scenarios.Cluster;

/// <summary>
/// Three silos that run grains and work, two of them with clocks that are wrong, a hundred mixed jobs of several accounts under way, and whatever may
/// happen happens to silos, database, object store and speech server, by a seed. Afterwards each job has ended as it should, once, and has been paid for once.
/// </summary>
public sealed class OutlivingFaults
{
    private const int Shown = 5;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_mixed_jobs_end_right_whatever_happens_to_silos_database_store_and_engine()
    {
        var chronicle = Chronicle.Begin();
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine($"{Chronicle.SeedVariable}={chronicle.Seed}");
        var speech = new CapriciousSpeech(chronicle.Seed);
        await using var stage = await Stage.Set(speech, Ct);
        try
        {
            var record = new JobRecord();
            var disagreements = await Run(stage, speech, record, chronicle);
            output?.WriteLine($"{record}\n{speech.Hearings.Count} chunks were heard by the speech server\n{chronicle}");
            Assert.True(disagreements is [], $"{string.Join('\n', disagreements.Take(Shown))}\n({disagreements.Count} in all)");
        }
        catch (Exception fault)
        {
            throw new XunitException($"{fault.Message}\nLogs: {stage.KeepLogs(chronicle.Seed)}\n{chronicle}", fault);
        }
    }

    private static async Task<IReadOnlyList<string>> Run(Stage stage, CapriciousSpeech speech, JobRecord record, Chronicle chronicle)
    {
        var watch = await TaskWatch.Begin(stage.Database, Ct);
        var cast = new Cast(chronicle.Seed);
        var customers = await Task.WhenAll(Enumerable.Range(0, Cast.Accounts).Select(account => Customer.Arrive(stage, account, record, Ct)));
        chronicle.Note("the videos are there");

        var faults = new Faults(stage, chronicle);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var lookingAfter = faults.LookAfter(enough.Token);
        IReadOnlyList<string> disagreements;
        try
        {
            await Task.WhenAll(
                faults.Happen(Ct), Task.WhenAll(customers.Select(customer => customer.Play(cast.Parts.Where(part => part.Account == customer.Account), Ct))));
            chronicle.Note("nothing more happens");
            disagreements = await new Proof(stage, record, watch, speech, customers).Disagreements(Ct);
            chronicle.Note("all is looked at");
        }
        finally
        {
            await enough.CancelAsync();
            await lookingAfter;
            foreach (var customer in customers)
                customer.Dispose();
        }

        return [.. disagreements, .. faults.Unexpected];
    }
}
