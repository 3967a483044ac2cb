using System.Net.Sockets;
using AX2Caption.Grains.Abstractions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AX2Caption.Grains.Hosting;

/// <summary>
/// Around every call to a grain of this project: its log lines carry the request's id, and a driver's exception, which
/// does not travel well, becomes <see cref="ServiceUnavailableException"/>.
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
        catch (Exception fault) when (fault is NpgsqlException or SocketException)
        {
            LogDatabaseFault(fault, context.InterfaceName, context.MethodName);
            throw new ServiceUnavailableException("The database did not answer as it should.");
        }
    }

    [LoggerMessage(LogLevel.Error, "{Interface}.{Method}: the database did not answer as it should.")]
    private partial void LogDatabaseFault(Exception fault, string? @interface, string? method);
}
