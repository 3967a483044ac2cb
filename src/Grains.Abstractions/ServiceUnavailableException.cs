namespace AX2Caption.Grains.Abstractions;

/// <summary>
/// A call could not be finished because something behind the grain was away, such as the database. Whether it took effect
/// is not known; every call may be repeated with the same ids.
/// </summary>
[GenerateSerializer, Alias("ax2.ServiceUnavailableException")]
public sealed class ServiceUnavailableException(string message) : Exception(message);
