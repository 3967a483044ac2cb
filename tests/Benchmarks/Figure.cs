using System.Globalization;

namespace AX2Caption.Benchmarks;

/// <summary>One <c>key=value</c> of a benchmark's last line.</summary>
internal sealed record Figure(string Key, double Value)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Key}={Value:0.##}");
}
