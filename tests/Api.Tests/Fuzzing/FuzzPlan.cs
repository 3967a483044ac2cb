namespace AX2Caption.Api.Tests.Fuzzing;

/// <summary>All requests of a run, in the order in which they are sent. The same seed and document make the same ones.</summary>
internal static class FuzzPlan
{
    /// <summary>What is not changed at all shows that a request which is right gets through.</summary>
    private const int PercentUnchanged = 15;

    /// <summary>In every so many rounds all of them are, and whoever is let in sends them: chance alone would leave an operation out now and then.</summary>
    private const int PlainRoundEvery = 14;

    /// <param name="document">What there is to be asked.</param>
    /// <param name="cast">Who asks, by operation.</param>
    /// <param name="perOperation">How many requests each operation gets.</param>
    /// <param name="seed">Decides the rest.</param>
    public static List<FuzzRequest> Make(ApiDocument document, IReadOnlyDictionary<string, FuzzCast> cast, int perOperation, int seed)
    {
        var random = new Random(seed);
        var generator = new RequestGenerator(document, random);
        var requests = new List<FuzzRequest>();
        var used = new HashSet<string>();
        for (var round = 0; round < perOperation; round++)
        {
            var plain = round % PlainRoundEvery == PlainRoundEvery - 1;
            foreach (var operation in document.Operations)
            {
                var actors = cast[$"{operation}"];
                var request = generator.Valid(requests.Count, operation, plain ? actors.LetIn(operation) : actors.Draw(operation, random));
                if (!plain && random.Next(100) >= PercentUnchanged)
                    Worsen(request, random, used);
                requests.Add(request);
            }
        }

        return requests;
    }

    /// <summary>By chance, but what was never done is done first: few operations are uploads, and chance alone would leave something out now and then.</summary>
    private static void Worsen(FuzzRequest request, Random random, HashSet<string> used)
    {
        for (var left = random.Next(10) switch { < 6 => 1, < 9 => 2, _ => 3 }; left > 0; left--)
        {
            var fitting = Mutation.All.Where(mutation => mutation.Fits(request)).ToList();
            var candidates = fitting.Where(mutation => !used.Contains(mutation.Name)).ToList() is [_, ..] untried ? untried : fitting;
            var mutation = candidates[random.Next(candidates.Count)];
            mutation.Apply(request, random);
            request.Mutations.Add(mutation.Name);
            used.Add(mutation.Name);
        }
    }
}

/// <summary>Who sends the requests to one operation: accounts that no other operation uses, since a request may be an account's last.</summary>
internal sealed record FuzzCast(FuzzActor Guest, FuzzActor Stranger, FuzzActor Member, FuzzActor Anonymous, FuzzActor Operator)
{
    public FuzzActor LetIn(ApiOperation operation) => operation.Access switch
    {
        "open" => Anonymous,
        "admin" => Operator,
        "member" => Member,
        _ => Guest,
    };

    /// <summary>Mostly who is let in.</summary>
    public FuzzActor Draw(ApiOperation operation, Random random) => (operation.Access, random.Next(100)) switch
    {
        ("open", < 60) => Anonymous,
        ("open", _) => Guest,
        ("admin", < 60) => Operator,
        ("admin", < 75) => Member,
        ("member", < 60) => Member,
        (_, < 70) => Guest,
        (_, < 85) => Stranger,
        _ => Anonymous,
    };
}
