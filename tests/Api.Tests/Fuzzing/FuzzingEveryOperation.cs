using System.Collections.Concurrent;
using System.Globalization;
using AX2Caption.Testing.Audit;

namespace AX2Caption.Api.Tests.Fuzzing;

/// <summary>
/// Thousands of malformed requests to every operation of the OpenAPI document. The seed is drawn and printed; <c>AX2_FUZZ_SEED=n</c>
/// makes the same requests again, <c>AX2_FUZZ_REQUESTS=n</c> another number of them.
/// </summary>
public sealed class FuzzingEveryOperation(FuzzedService fuzzed) : IClassFixture<FuzzedService>
{
    private const int AtOnce = 4;
    private const int FailuresToTell = 10;

    /// <summary>An answer that is not there by then will not come: requests have 90 seconds.</summary>
    private static readonly TimeSpan Hangs = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_breaks_hangs_or_tells_what_is_not_the_askers()
    {
        var seed = Setting("AX2_FUZZ_SEED") ?? Random.Shared.Next(1_000_000_000);
        await Console.Out.WriteLineAsync($"AX2_FUZZ_SEED={seed}");
        var document = await fuzzed.Document();
        var perOperation = (Setting("AX2_FUZZ_REQUESTS") ?? 3_000) / document.Operations.Count + 1;
        var requests = FuzzPlan.Make(document, await fuzzed.Cast(document.Operations), perOperation, seed);
        var before = await fuzzed.WhatTheOwnerSees();

        var check = new AnswerCheck(fuzzed.Canaries, fuzzed.Service.Folder);
        var failures = new ConcurrentQueue<string>();
        var tally = new FuzzTally();
        await Parallel.ForEachAsync(
            requests,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation },
            async (request, cancellationToken) =>
            {
                // What follows from a failure is no news.
                if (failures.Count >= FailuresToTell)
                    return;
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(Hangs);
                try
                {
                    var answer = await RawHttp.Send(fuzzed.Service.ApiUrl, request.Wire(), request.HangsUp, limit.Token);
                    tally.Add(request, answer);
                    if (check.Fault(request, answer) is { } fault)
                        failures.Enqueue($"{fault}\n{request}\n    answer: {answer?.Head.ReplaceLineEndings("\n      ")}\n      {answer?.Text}");
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    failures.Enqueue($"There is no end to it.\n{request}");
                }
            });

        await Console.Out.WriteLineAsync($"{tally}");
        Assert.True(failures.IsEmpty, $"AX2_FUZZ_SEED={seed}: {string.Join("\n\n", failures)}");
        Assert.Equal(before, await fuzzed.WhatTheOwnerSees());
        Assert.Empty(await Book.AuditAtRest(fuzzed.Service, Cancellation));
        AssertThatItWasWorthIt(document, requests, tally, perOperation);
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_requests()
    {
        var document = await fuzzed.Document();
        var nobody = new FuzzActor("nobody", null, ["01900000-0000-7000-8000-000000000001"], [], []);
        var cast = document.Operations.ToDictionary(operation => $"{operation}", _ => new FuzzCast(nobody, nobody, nobody, nobody, nobody));

        var first = Wires(7);

        Assert.Equal(first, Wires(7));
        Assert.NotEqual(first, Wires(8));

        List<string> Wires(int seed) => [.. FuzzPlan.Make(document, cast, 20, seed).Select(request => Convert.ToBase64String(request.Wire()))];
    }

    private static void AssertThatItWasWorthIt(ApiDocument document, List<FuzzRequest> requests, FuzzTally tally, int perOperation)
    {
        var judged = tally.Count((_, status, code) =>
            status != 0 && code is not ("too_many_requests" or "token_missing" or "token_invalid" or "token_expired" or "session_ended"));
        Assert.True(judged > requests.Count * 0.6, $"Only {judged} of {requests.Count} were judged by what they are.\n{tally}");
        Assert.InRange(tally.Count((_, _, code) => code == "too_many_requests"), 0, requests.Count / 20);
        Assert.InRange(tally.Count((_, status, _) => status is >= 200 and < 300), requests.Count / 50, requests.Count);
        Assert.All(document.Operations, operation =>
        {
            Assert.Equal(perOperation, tally.Count((request, _, _) => request.Operation == operation));
            Assert.True(tally.Handled(operation) > 0, $"Nothing got through to {operation}.\n{tally}");
        });
        var used = requests.SelectMany(request => request.Mutations).ToHashSet();
        Assert.Empty(Mutation.All.Select(mutation => mutation.Name).Except(used));
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
