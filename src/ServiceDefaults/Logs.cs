using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Core;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;

namespace AX2Caption.ServiceDefaults;

/// <summary>Structured logs, on the console for people and in files for programs.</summary>
internal static class Logs
{
    private const string ConsoleTemplate =
        "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext} {Message:lj} {Properties:j}{NewLine}{Exception}";

    private static readonly Dictionary<string, LogLevel> DefaultLevels = new()
    {
        ["Default"] = LogLevel.Information,
        ["Microsoft"] = LogLevel.Warning,
        ["Microsoft.AspNetCore.Hosting.Diagnostics"] = LogLevel.Warning, // below, it logs query strings, and links have secrets there
        ["Microsoft.Hosting.Lifetime"] = LogLevel.Information,
        ["Npgsql"] = LogLevel.Warning, // at Information it logs every statement
        ["Orleans"] = LogLevel.Warning,
        ["Polly"] = LogLevel.Warning, // at Information it logs two lines for every request to another server
        ["System"] = LogLevel.Warning,
    };

    public static void Add(IHostApplicationBuilder builder, string service)
    {
        builder.Services.AddOptions<LogOptions>()
            .BindConfiguration(LogOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSerilog(
            (services, logger) =>
            {
                SetLevels(logger, builder.Configuration.GetSection($"{LogOptions.Section}:LogLevel"));
                logger.Enrich.FromLogContext().Enrich.WithProperty("Service", service);
                WriteTo(logger, services.GetRequiredService<IOptions<LogOptions>>().Value, service);
            },
            preserveStaticLogger: true); // Otherwise two hosts in one process write to the one that was built last.
    }

    private static void SetLevels(LoggerConfiguration logger, IConfiguration configured)
    {
        var levels = new Dictionary<string, LogLevel>(DefaultLevels);
        foreach (var (source, level) in configured.Get<Dictionary<string, LogLevel>>() ?? [])
            levels[source] = level;

        foreach (var (source, level) in levels)
        {
            var least = new LoggingLevelSwitch(LevelConvert.ToSerilogLevel(level));
            _ = source == "Default" ? logger.MinimumLevel.ControlledBy(least) : logger.MinimumLevel.Override(source, least);
        }
    }

    private static void WriteTo(LoggerConfiguration logger, LogOptions options, string service)
    {
        logger.WriteTo.Console(
            LevelConvert.ToSerilogLevel(options.ConsoleLevel),
            ConsoleTemplate,
            CultureInfo.InvariantCulture);
        if (options.Directory is { } directory)
        {
            logger.WriteTo.File(
                new CompactJsonFormatter(),
                Path.Join(directory, $"{service}-.jsonl"),
                fileSizeLimitBytes: options.FileSizeLimit,
                rollOnFileSizeLimit: true,
                rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: options.RetainedFiles);
        }
    }
}
