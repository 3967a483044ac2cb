using System.Net.Sockets;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Database;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AX2Caption.Grains.Hosting;

/// <summary>
/// Around every call to a grain of this project: its log lines carry the request's id, and a driver's exception, which
/// does not travel well, becomes <see cref="ServiceUnavailableException"/>, or <see cref="DataRefusedException"/> where a
/// repetition would be refused again.
/// </summary>
internal sealed partial class CallFilter(ILogger<CallFilter> logger) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        using var _ = RequestContext.Get("RequestId") is string requestId
            ? logger.BeginScope(new Dictionary<string, object?> { ["RequestId"] = requestId })
            : null;
        try
        {
            await context.Invoke();
        }
        catch (PostgresException fault) when (fault.IsFinalRefusal() || (fault.IsRefusal() && IsReport(context)))
        {
            LogRefused(fault, context.InterfaceName, context.MethodName);
            throw new DataRefusedException($"The database does not take what was to be written ({fault.SqlState}).");
        }
        catch (Exception fault) when (fault is NpgsqlException or SocketException)
        {
            LogDatabaseFault(fault, context.InterfaceName, context.MethodName);
            throw new ServiceUnavailableException("The database did not answer as it should.");
        }
    }

    /// <summary>Reports on tasks are written under their owner's lock: nobody else writes there what they could meet, so that what is in their way stays.</summary>
    private static bool IsReport(IIncomingGrainCallContext context) =>
        context.Grain is ITaskOwnerGrain
        && context.MethodName is nameof(ITaskOwnerGrain.StartTask) or nameof(ITaskOwnerGrain.CompleteTask)
            or nameof(ITaskOwnerGrain.FailTask) or nameof(ITaskOwnerGrain.LoseTask);

    [LoggerMessage(LogLevel.Error, "{Interface}.{Method}: the database does not take what was to be written.")]
    private partial void LogRefused(Exception fault, string? @interface, string? method);

    [LoggerMessage(LogLevel.Error, "{Interface}.{Method}: the database did not answer as it should.")]
    private partial void LogDatabaseFault(Exception fault, string? @interface, string? method);
}
