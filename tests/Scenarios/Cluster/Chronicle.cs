using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace AX2Caption.Scenarios.Cluster;

/// <summary>What was done to a service in one run, in the order in which it happened; the seed has it done again.</summary>
internal sealed class Chronicle(int seed)
{
    /// <summary>The environment variable that sets the seed.</summary>
    public const string SeedVariable = "OutlivingFaults_Seed";

    private const int UsualSeed = 11;

    private readonly ConcurrentQueue<string> lines = new();
    private readonly long began = Stopwatch.GetTimestamp();

    public int Seed => seed;

    /// <summary>With the seed that somebody asked for, or always the same: what happens between processes differs from run to run all the same.</summary>
    public static Chronicle Begin() => new(
        Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : UsualSeed);

    public void Note(string what) =>
        lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalSeconds,7:0.0} s  {what}"));

    public override string ToString() => $"{SeedVariable}={seed}\n{string.Join('\n', lines)}";
}
