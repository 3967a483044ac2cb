namespace AX2Caption.Testing.Service;

/// <summary>What differs from one test's service to another's.</summary>
public sealed record CaptionServiceSettings
{
    /// <summary>Environment of the Silo, on top of what it needs to find its parts; for example <c>Credits__GuestGrant</c>.</summary>
    public IReadOnlyDictionary<string, string> Silo { get; init; } = new Dictionary<string, string>();

    /// <summary>Environment of the Api, on top of what it needs to find its parts; for example <c>Uploads__MaximumBytes</c>.</summary>
    public IReadOnlyDictionary<string, string> Api { get; init; } = new Dictionary<string, string>();
}
