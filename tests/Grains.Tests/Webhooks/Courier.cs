using System.Diagnostics.Metrics;
using System.Net;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Tests.Webhooks;

/// <summary>A sender, put together as a silo does it, that sends when the test says so.</summary>
internal sealed class Courier : IAsyncDisposable
{
    /// <summary>What tests' endpoints are registered with.</summary>
    public static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly ServiceProvider services;

    /// <param name="service">Whose events.</param>
    /// <param name="configure">Changes options that let it send to this machine and notice nothing of failures.</param>
    /// <param name="resolver">Knows names; as the machine does if it is null.</param>
    /// <param name="time">The time; the business clock if it is null.</param>
    public Courier(ServiceFixture service, Action<WebhookOptions>? configure = null, IHostResolver? resolver = null, TimeProvider? time = null)
    {
        Options = new WebhookOptions
        {
            AllowHttp = true,
            AllowedPorts = ["1-65535"],
            AllowedNetworks = ["127.0.0.0/8", "::1/128"],
            FailuresToProbe = 1_000,
            // Clocks go on, however slow the machine is: nobody is given up, and nothing comes due that the test has not let come due.
            Timeout = TimeSpan.FromMinutes(1),
            RetryDelay = TimeSpan.FromMinutes(10),
            ProbeInterval = TimeSpan.FromMinutes(10),
        };
        configure?.Invoke(Options);
        services = new ServiceCollection()
            .AddMetrics()
            .AddSingleton<IOptions<WebhookOptions>>(new OptionsWrapper<WebhookOptions>(Options))
            .AddSingleton(time ?? service.Clock)
            .AddSingleton(service.Service<NpgsqlDataSource>())
            .AddSingleton<ILogger<WebhookSender>>(Log).AddSingleton<ILogger<WebhookSweep>>(Log)
            .AddSingleton(resolver ?? new DnsResolver())
            .AddSingleton<WebhookMetrics>().AddSingleton<OutboundAddressPolicy>().AddSingleton<OutboundConnector>().AddSingleton<WebhookHttp>()
            .AddSingleton<WebhookQueue>().AddSingleton<WebhookSender>().AddSingleton<WebhookSweep>()
            .BuildServiceProvider();
    }

    public WebhookOptions Options { get; }

    public KeptLog Log { get; } = new();

    public WebhookQueue Queue => services.GetRequiredService<WebhookQueue>();

    public WebhookSender Sender => services.GetRequiredService<WebhookSender>();

    public IMeterFactory Meters => services.GetRequiredService<IMeterFactory>();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Sends all that is due.</summary>
    /// <returns>How many attempts were made.</returns>
    public Task<int> SendDue(CancellationToken? cancellationToken = null) => Sender.SendDue(cancellationToken ?? Ct);

    /// <summary>Sweeps once.</summary>
    /// <returns>How many events were given up or forgotten.</returns>
    public Task<int> Sweep() => services.GetRequiredService<WebhookSweep>().Run(limit: 100, Ct);

    public ValueTask DisposeAsync() => services.DisposeAsync();

    /// <summary>Lines that were logged.</summary>
    internal sealed class KeptLog : ILogger<WebhookSender>, ILogger<WebhookSweep>
    {
        private readonly List<(LogLevel Level, string Text)> lines = [];

        public IReadOnlyList<(LogLevel Level, string Text)> Lines
        {
            get
            {
                lock (lines)
                    return [.. lines];
            }
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines)
                lines.Add((logLevel, $"{formatter(state, exception)} {exception}"));
        }
    }
}

/// <summary>Names that lead where the test says, look by look.</summary>
internal sealed class FakeResolver(params string[][] answers) : IHostResolver
{
    private int looks;

    public int Looks => looks;

    public Task<IReadOnlyList<IPAddress>> Resolve(string host, CancellationToken cancellationToken)
    {
        var answer = answers[Math.Min(Interlocked.Increment(ref looks), answers.Length) - 1];
        return Task.FromResult<IReadOnlyList<IPAddress>>([.. answer.Select(IPAddress.Parse)]);
    }
}
