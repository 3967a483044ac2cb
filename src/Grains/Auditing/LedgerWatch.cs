using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Auditing;

/// <summary>
/// Audits, again and again, the accounts that this silo has written: a book that does not add up is to be noticed within a
/// minute, not at the next stocktaking. Each violation is an error in the log and counts in the meter <c>AX2Caption.Audit</c>.
/// </summary>
internal sealed partial class LedgerWatch : BackgroundService
{
    public const string MeterName = "AX2Caption.Audit";

    private readonly Auditor auditor;
    private readonly ChangedAccounts changed;
    private readonly IOptions<AuditOptions> options;
    private readonly TimeProvider time;
    private readonly ILogger<LedgerWatch> logger;
    private readonly Counter<int> violations;
    private readonly Counter<int> audited;
    private readonly Counter<int> failures;

    public LedgerWatch(
        Auditor auditor,
        ChangedAccounts changed,
        IOptions<AuditOptions> options,
        IMeterFactory meters,
        TimeProvider time,
        ILogger<LedgerWatch> logger)
    {
        (this.auditor, this.changed, this.options, this.time, this.logger) = (auditor, changed, options, time, logger);
        var meter = meters.Create(MeterName);
        violations = meter.CreateCounter<int>("ax2.audit.violations", "{violation}", "Broken rules of the ledger, by rule.");
        failures = meter.CreateCounter<int>("ax2.audit.failures", "{round}", "Rounds in which nothing could be audited.");
        audited = meter.CreateCounter<int>("ax2.audit.accounts", "{account}", "Accounts that were audited.");
    }

    /// <summary>Audits the accounts that have changed up to now. Who changes meanwhile is left for the next round: under load, somebody always does.</summary>
    /// <returns>What was found.</returns>
    public async Task<IReadOnlyList<Violation>> Round(CancellationToken cancellationToken)
    {
        var left = new Queue<Guid[]>(changed.Take().Chunk(options.Value.AccountsPerRound));
        var found = new List<Violation>();
        try
        {
            for (; left.TryPeek(out var accounts); left.Dequeue())
            {
                found.AddRange(await Audit(accounts, cancellationToken));
            }
        }
        finally
        {
            // Whatever kept them from being audited, their turn is still to come.
            changed.Add(left.SelectMany(accounts => accounts));
        }

        return found;
    }

    private async Task<IReadOnlyList<Violation>> Audit(Guid[] accounts, CancellationToken cancellationToken)
    {
        var found = await auditor.AuditLedgers(accounts, options.Value.Depth, cancellationToken);
        audited.Add(accounts.Length);
        foreach (var violation in found)
        {
            LogViolation(violation.Rule, violation.Subject, violation.Detail);
            violations.Add(1, new KeyValuePair<string, object?>("rule", violation.Rule));
        }

        return found;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Round(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // The database may be away for a while; the same accounts come up again.
                failures.Add(1);
                LogFailed(fault);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The ledger is broken: {Rule}: {Subject}: {Detail}.")]
    private partial void LogViolation(string rule, string subject, string detail);

    [LoggerMessage(LogLevel.Warning, "The ledger could not be audited; it will be tried again.")]
    private partial void LogFailed(Exception fault);
}
