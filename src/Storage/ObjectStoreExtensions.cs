namespace AX2Caption.Storage;

/// <summary>What every store can do by what <see cref="IObjectStore"/> offers.</summary>
public static class ObjectStoreExtensions
{
    /// <summary>Deletes every object whose key begins with a prefix.</summary>
    public static async Task DeleteAll(this IObjectStore objects, string prefix, CancellationToken cancellationToken)
    {
        await foreach (var stored in objects.List(prefix, cancellationToken))
            await objects.Delete(stored.Key, cancellationToken);
    }
}
