namespace AX2Caption.Grains.Work;

/// <summary>Which tasks a claim is for.</summary>
internal enum Lane
{
    /// <summary>All; urgent ones are first among those of their account.</summary>
    Any,

    /// <summary>Those that somebody waits for.</summary>
    Urgent,
}
