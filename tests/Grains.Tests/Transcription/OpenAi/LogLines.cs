using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Grains.Tests.Transcription.OpenAi;

/// <summary>Every line of every logger, of the finest level too, with the exceptions in full.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Text, IReadOnlyDictionary<string, object?> Values)> lines = new();

    public string Text => string.Join('\n', lines.Select(line => line.Text));

    /// <summary>The values of this name in the lines that have one.</summary>
    public IEnumerable<T> Values<T>(string name) => lines.Select(line => line.Values.GetValueOrDefault(name)).OfType<T>();

    public ILogger CreateLogger(string categoryName) => new Lines(this);

    public void Dispose()
    {
    }

    private sealed class Lines(LogLines owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.lines.Enqueue((
                $"{logLevel} {formatter(state, exception)} {exception}",
                state is IEnumerable<KeyValuePair<string, object?>> values ? values.DistinctBy(value => value.Key).ToDictionary() : new Dictionary<string, object?>()));
    }
}
