namespace AX2Caption.Scenarios.Cluster;

/// <summary>A hundred jobs of a few accounts, all different, drawn from a seed.</summary>
internal sealed class Cast
{
    public const int Accounts = 6;
    public const int Jobs = 100;

    /// <summary>Recognised by the built-in engine; everything else by the speech server.</summary>
    public const string English = "en";

    /// <summary>The speech server takes no audio of this language.</summary>
    public const string Refused = "la";

    /// <summary>The speech server is busy for long when it is asked for this language.</summary>
    public const string Busy = "eo";

    /// <summary>Nobody has the credits for this language.</summary>
    public const string TooDear = "it";

    /// <summary>Each account's videos by the sentences that they have: of one chunk, of a few, of several.</summary>
    private static readonly int[] SentencesOfVideos = [1, 2, 4];

    private static readonly string[] Ordinary = ["ko", "de", "fr", "es", "auto"];

    private const int EnglishJobs = 20;
    private const int BusyJobs = 3;
    private const int CanceledJobs = 18;
    private const int SubmittedAtOnce = 20;
    private const int SubmittedAgain = 20;
    private const int Contradicted = 8;

    public Cast(int seed)
    {
        var random = new Random(seed);
        var others = Enumerable.Range(0, Accounts).SelectMany(account => (Part[])
        [
            // The longest, whose every chunk is refused; the shortest, so that it is one chunk that is busy.
            new(account, SentencesOfVideos.Length - 1, Refused),
            new(account, random.Next(SentencesOfVideos.Length), TooDear),
            .. account < BusyJobs ? (Part[])[new(account, 0, Busy)] : [],
        ]);
        var english = Enumerable.Range(0, EnglishJobs).Select(i => new Part(i % Accounts, i / Accounts % 2, English));
        // No two of these have account, video and language in common: so the speech server knows whose chunk it hears.
        var ordinary =
            from account in Enumerable.Range(0, Accounts)
            from video in Enumerable.Range(0, SentencesOfVideos.Length)
            from language in Ordinary
            select new Part(account, video, language);
        var special = others.Concat(english).ToList();
        var parts = special.Concat(Shuffled(ordinary, random).Take(Jobs - special.Count)).ToArray();

        random.Shuffle(parts);
        Choose(CanceledJobs, part => part.IsOrdinary, part => part with { CanceledAfter = TimeSpan.FromSeconds(10 * Math.Pow(random.NextDouble(), 2)) });
        Choose(SubmittedAtOnce, _ => true, part => part with { AtOnce = random.Next(2, 4) });
        Choose(SubmittedAgain, _ => true, part => part with { AgainAfter = random.Next(1, 6) });
        Choose(Contradicted, part => part.IsOrdinary, part => part with { IsContradicted = true });
        Parts = [.. parts.Select((part, number) => part with { Number = number, Pause = TimeSpan.FromSeconds(random.NextDouble() * 7) })];

        void Choose(int count, Func<Part, bool> fit, Func<Part, Part> change)
        {
            foreach (var i in Shuffled(Enumerable.Range(0, parts.Length).Where(i => fit(parts[i])), random).Take(count))
                parts[i] = change(parts[i]);
        }
    }

    /// <summary>In the order in which each account submits its own.</summary>
    public IReadOnlyList<Part> Parts { get; }

    /// <summary>The sentences of an account's videos; each begins with another than the one before.</summary>
    public static IEnumerable<IReadOnlyList<int>> VideosOf(int account) =>
        SentencesOfVideos.Select((count, video) => (IReadOnlyList<int>)[.. Enumerable.Range(account + video, count).Select(sentence => sentence % 5)]);

    private static T[] Shuffled<T>(IEnumerable<T> all, Random random)
    {
        var array = all.ToArray();
        random.Shuffle(array);
        return array;
    }
}

/// <summary>A job as it is to be submitted.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Video">Which of the account's videos is to be captioned.</param>
/// <param name="Language">Its language, which says what becomes of it.</param>
internal sealed record Part(int Account, int Video, string Language)
{
    public int Number { get; init; }

    /// <summary>How long its account waits before it submits it.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>When its owner cancels it, counted from the answer to its submission; null if nobody does.</summary>
    public TimeSpan? CanceledAfter { get; init; }

    /// <summary>How many requests submit it at the same time.</summary>
    public int AtOnce { get; init; } = 1;

    /// <summary>After how many further submissions of its account it is submitted once more; null if it is not.</summary>
    public int? AgainAfter { get; init; }

    /// <summary>Whether something else is submitted under its key.</summary>
    public bool IsContradicted { get; init; }

    public string Key => $"part-{Number}";

    public bool IsOrdinary => Language is not (Cast.Refused or Cast.Busy or Cast.TooDear);

    /// <summary>Whether the speech server hears it.</summary>
    public bool IsHeard => Language is not (Cast.English or Cast.TooDear);

    public long Price => Language == Cast.English ? Stage.BuiltInPrice : Stage.ServerPrice;
}
