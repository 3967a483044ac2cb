using AX2Caption.Benchmarks;
using AX2Caption.Benchmarks.Cluster;
using AX2Caption.Benchmarks.Credits;
using AX2Caption.Benchmarks.Jobs;
using AX2Caption.Benchmarks.Transcription;
using AX2Caption.Benchmarks.Uploads;

IBenchmark[] benchmarks =
[
    new JobsBenchmark(),
    new TranscribeBenchmark(),
    new IsolationBenchmark(),
    new SandboxBenchmark(),
    new CreditsBenchmark(),
    new UploadBenchmark(),
    new FailoverBenchmark(),
];

if (args is [] or ["list"])
{
    List(Console.Out);
    return 0;
}

if (args is not [var name] || Array.Find(benchmarks, benchmark => benchmark.Name == name) is not { } chosen)
{
    Console.Error.WriteLine($"There is no benchmark '{string.Join(' ', args)}'. There are:");
    List(Console.Error);
    return 1;
}

using var interruption = new Interruption();
Console.WriteLine($"{chosen.Name}: {chosen.Summary}");
Console.WriteLine(Machine.Describe());
try
{
    var figures = await chosen.Run(Console.Out, interruption.Token);
    Console.WriteLine(Machine.Load());
    Console.WriteLine($"{chosen.Name}: {string.Join(' ', figures)}");
    return 0;
}
catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
{
    Console.Error.WriteLine("Interrupted.");
    return 130;
}
catch (Exception fault) when (fault is InvalidOperationException or TimeoutException)
{
    Console.Error.WriteLine(fault);
    return 1;
}

void List(TextWriter output)
{
    foreach (var benchmark in benchmarks)
        output.WriteLine($"  {benchmark.Name,-10} {benchmark.Summary}");
}
