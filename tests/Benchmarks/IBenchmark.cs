namespace AX2Caption.Benchmarks;

internal interface IBenchmark
{
    /// <summary>What it is called on the command line, and what its last line begins with.</summary>
    string Name { get; }

    /// <summary>One line on what is measured.</summary>
    string Summary { get; }

    /// <summary>Measures, and says on the way what it does.</summary>
    Task<IReadOnlyList<Figure>> Run(TextWriter output, CancellationToken cancellationToken);
}
