namespace AX2Caption.Grains.Abstractions;

/// <summary>
/// A call could not be finished because the database does not take what it says. Nothing of it took effect, and repeating it
/// changes nothing.
/// </summary>
[GenerateSerializer, Alias("ax2.DataRefusedException")]
public sealed class DataRefusedException(string message) : Exception(message);
