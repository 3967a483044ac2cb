namespace AX2Caption.Storage;

/// <summary>A store in which writes that nobody will go on with take room.</summary>
internal interface IAbandonedWrites
{
    /// <summary>The age at which a write counts as abandoned.</summary>
    TimeSpan AbandonedAfter { get; }

    /// <summary>How often to look for them.</summary>
    TimeSpan LookEvery { get; }

    /// <summary>Removes them.</summary>
    /// <returns>How many were removed.</returns>
    Task<int> RemoveAbandonedWrites(CancellationToken cancellationToken);
}
