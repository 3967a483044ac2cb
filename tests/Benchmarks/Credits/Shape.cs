namespace AX2Caption.Benchmarks.Credits;

/// <summary>What is asked of the accounts, again and again by many callers.</summary>
internal enum Shape
{
    /// <summary>Reserve, all in one account.</summary>
    Hot,

    /// <summary>Reserve, each time in one of many accounts.</summary>
    Many,

    /// <summary>Reserve and then settle that hold, each time in one of many accounts.</summary>
    Pairs,
}
