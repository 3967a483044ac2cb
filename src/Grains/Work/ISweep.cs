namespace AX2Caption.Grains.Work;

/// <summary>Finds in the tables what a crash left unfinished and hands it to the grain that owns it. Safe to run anywhere, at any time, twice.</summary>
internal interface ISweep
{
    /// <summary>What is swept, for the log.</summary>
    string Name { get; }

    /// <param name="limit">How many rows to look at.</param>
    /// <param name="cancellationToken">The silo stops.</param>
    /// <returns>How many things were finished.</returns>
    Task<int> Run(int limit, CancellationToken cancellationToken);
}
