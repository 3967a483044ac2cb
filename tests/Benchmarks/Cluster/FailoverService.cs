using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Work;
using AX2Caption.Testing;
using AX2Caption.Testing.Postgres;
using AX2Caption.Testing.Service;
using Npgsql;

namespace AX2Caption.Benchmarks.Cluster;

/// <summary>
/// Three silos as processes that do everything, an Api, and guests whose balances are asked for all the time: of the grains by a client in this process, in a hurry, and
/// of the Api by some who are not.
/// </summary>
internal sealed class FailoverService : IAsyncDisposable
{
    public const int Silos = 3;

    // Some load, and far from what two cores can do beside burners: more would measure how an overload ends.
    private const int Guests = 60;
    private const int GuestsAtTheApi = 12;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ActiveWithin = TimeSpan.FromMinutes(2);

    private readonly SiloGroup group;
    private readonly IReadOnlyList<int> ports;
    private readonly NpgsqlDataSource membership;
    private readonly HashSet<(int Port, int Generation)> killed = [];
    private readonly Dictionary<Guid, CaptionClient> guests = [];
    private readonly ConcurrentDictionary<string, int> faults = [];
    private SiloClient? client;
    private Callers? atTheGrains;
    private Callers? atTheApi;

    private FailoverService(SiloGroup group, IReadOnlyList<int> ports, TestDatabase database)
    {
        this.group = group;
        this.ports = ports;
        membership = NpgsqlDataSource.Create(database.SiloConnectionString);
    }

    /// <summary>The folder of one of its parts.</summary>
    public string Folder => group.Silos[0].Folder;

    /// <summary>What the callers have seen so far.</summary>
    public string Calls => string.Create(
        CultureInfo.InvariantCulture,
        $"{AtTheGrains.Answered} calls answered, {AtTheGrains.Unanswered} not ({string.Join(", ", faults.Select(fault => $"{fault.Value} {fault.Key}"))}); of the Api's {AtTheApi.Answered}, {AtTheApi.Unanswered} not");

    private SiloClient Client => client ?? throw new InvalidOperationException("Nobody is connected.");

    private Callers AtTheGrains => atTheGrains ?? throw new InvalidOperationException("Nobody calls.");

    private Callers AtTheApi => atTheApi ?? throw new InvalidOperationException("Nobody calls.");

    public static async Task<FailoverService> Start(PostgresServer postgres, CancellationToken cancellationToken)
    {
        var database = await postgres.CreateDatabase(cancellationToken);
        var ports = Enumerable.Range(0, Silos).Select(_ => FreePort.Find()).ToList();
        var product = new WorkOptions();
        var settings = ports.Select(port => new Dictionary<string, string>
        {
            ["Cluster__SiloPort"] = $"{port}",
            // Tests are in more of a hurry than the product is.
            ["Worker__LeaseDuration"] = product.LeaseDuration.ToString(),
            ["Worker__HeartbeatInterval"] = product.HeartbeatInterval.ToString(),
            ["Worker__PollInterval"] = product.PollInterval.ToString(),
            ["Worker__SweepInterval"] = product.SweepInterval.ToString(),
        });
        var service = new FailoverService(await SiloGroup.Start(database, [.. settings], cancellationToken), ports, database);
        try
        {
            await service.group.Silos[0].StartApi(cancellationToken);
            await service.BecomeGuests(cancellationToken);
            service.client = await SiloClient.Connect(database, cancellationToken);
            service.atTheGrains = new Callers(service.guests.Keys, service.AskTheGrain, Pace, TimeSpan.FromMilliseconds(500));
            service.atTheApi = new Callers(service.guests.Keys.Take(GuestsAtTheApi), service.AskTheApi, Pace, Timeout.InfiniteTimeSpan);
            await service.AtTheGrains.FirstAnswers(service.guests.Keys, AnsweredWithin, cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills a silo, waits until all accounts that lived there have answered, and starts it again.</summary>
    public async Task<Failover> Kill(int silo, CancellationToken cancellationToken)
    {
        var lived = await LivingOn(ports[silo], cancellationToken);
        var record = (await Members(cancellationToken)).Single(member => member.Port == ports[silo] && member.Status == SiloStatus.Active);
        killed.Add((record.Port, record.Generation));
        AtTheApi.TakeLongest();

        var killedAt = Stopwatch.GetTimestamp();
        await group.Silos[silo].KillSilo();
        var answers = AtTheGrains.FirstAnswers(lived, AnsweredWithin, cancellationToken);
        var declaredDead = DeclaredDead(record, killedAt, cancellationToken);
        var answersOfTheApi = AtTheApi.FirstAnswers(guests.Keys.Take(GuestsAtTheApi), AnsweredWithin, cancellationToken);
        var answered = (await answers).Select(at => Stopwatch.GetElapsedTime(killedAt, at)).Order().ToList();
        await answersOfTheApi;
        var dead = await declaredDead;
        var longest = AtTheApi.TakeLongest();

        await group.Silos[silo].StartSilo(cancellationToken);
        await AllActive(cancellationToken);
        return new Failover(dead, answered, longest);
    }

    /// <summary>Silos that count as dead and were not killed.</summary>
    public async Task<IReadOnlyList<Member>> Evicted(CancellationToken cancellationToken) =>
        [.. (await Members(cancellationToken)).Where(member => member.Status is SiloStatus.Dead or SiloStatus.ShuttingDown or SiloStatus.Stopping
            && !killed.Contains((member.Port, member.Generation)))];

    /// <summary>Silos that are healthy and that another has voted against.</summary>
    public async Task<int> Suspected(CancellationToken cancellationToken) =>
        (await Members(cancellationToken)).Count(member => member is { Status: SiloStatus.Active, Suspected: true });

    public async ValueTask DisposeAsync()
    {
        if (atTheApi is not null)
            await atTheApi.DisposeAsync();
        if (atTheGrains is not null)
            await atTheGrains.DisposeAsync();
        if (client is not null)
            await client.DisposeAsync();
        foreach (var guest in guests.Values)
            guest.Dispose();
        await group.DisposeAsync();
        await membership.DisposeAsync();
    }

    private async Task BecomeGuests(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Guests; i++)
        {
            var guest = group.Silos[0].CreateClient();
            guests.Add((await guest.BecomeGuest(cancellationToken)).AccountId, guest);
        }
    }

    /// <summary>What is lost on the way, or comes too late, is no answer; whatever else happens is a fault.</summary>
    private async Task<bool> AskTheGrain(Guid account, CancellationToken cancellationToken)
    {
        try
        {
            await Client.Grains.GetGrain<IUserCreditGrain>(account).GetBalance(cancellationToken);
            return true;
        }
        catch (Exception lost) when (lost is TimeoutException or OrleansException)
        {
            faults.AddOrUpdate(lost.GetType().Name, 1, (_, count) => count + 1);
            return false;
        }
    }

    private async Task<bool> AskTheApi(Guid account, CancellationToken cancellationToken)
    {
        using var response = await guests[account].Send(new HttpRequestMessage(HttpMethod.Get, "/v1/credits"), cancellationToken);
        return response.IsSuccessStatusCode;
    }

    /// <summary>The accounts with an activation on this silo and on no other.</summary>
    private async Task<IReadOnlyList<Guid>> LivingOn(int port, CancellationToken cancellationToken)
    {
        var ids = guests.Keys.ToDictionary(account => Client.Grains.GetGrain<IUserCreditGrain>(account).GetGrainId());
        var activations = await Client.Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(null, null, cancellationToken);
        var lived = activations
            .Where(activation => ids.ContainsKey(activation.GrainId))
            .GroupBy(activation => ids[activation.GrainId])
            .Where(account => account.All(activation => activation.SiloAddress.Endpoint.Port == port))
            .Select(account => account.Key)
            .ToList();
        return lived.Count > 0 ? lived : throw new InvalidOperationException("No account lives on the silo that is to be killed.");
    }

    /// <summary>How long after its death a silo counts as dead.</summary>
    private async Task<TimeSpan> DeclaredDead(Member silo, long killedAt, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnsweredWithin);
        using var poll = new PeriodicTimer(LookEvery);
        while ((await Members(limit.Token)).Single(member => (member.Port, member.Generation) == (silo.Port, silo.Generation)).Status != SiloStatus.Dead)
            await poll.WaitForNextTickAsync(limit.Token);
        return Stopwatch.GetElapsedTime(killedAt);
    }

    private async Task AllActive(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ActiveWithin);
        using var poll = new PeriodicTimer(LookEvery);
        try
        {
            while ((await Members(limit.Token)).Count(member => member.Status == SiloStatus.Active) != Silos)
                await poll.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var members = string.Join("; ", await Members(cancellationToken));
            throw new TimeoutException($"Not all silos were active within {ActiveWithin}: {members}");
        }
    }

    private Task<List<Member>> Members(CancellationToken cancellationToken) => Member.All(membership, cancellationToken);
}

/// <summary>What a silo's death did.</summary>
/// <param name="Dead">How long after it the silo counted as dead.</param>
/// <param name="Answered">How long after it each account that had lived there answered first, in order.</param>
/// <param name="LongestAtTheApi">The longest that a client of the Api waited for an answer that was under way then, or began before all answered again.</param>
internal sealed record Failover(TimeSpan Dead, IReadOnlyList<TimeSpan> Answered, TimeSpan LongestAtTheApi);
