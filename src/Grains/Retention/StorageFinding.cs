namespace AX2Caption.Grains.Retention;

/// <summary>Something in which the object store and the tables differ.</summary>
/// <param name="Code">What kind of difference it is; a stable name.</param>
/// <param name="Key">The object's key.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Repaired">Whether it was deleted.</param>
public sealed record StorageFinding(string Code, string Key, string Detail, bool Repaired = false);

/// <summary>What was compared.</summary>
/// <param name="Objects">Objects in the store, unfinished writes included.</param>
/// <param name="Rows">Rows that name an object.</param>
/// <param name="Findings">In how many they differ.</param>
public sealed record StorageComparison(long Objects, long Rows, long Findings);
