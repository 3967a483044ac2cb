namespace AX2Caption.Grains.Abstractions.Retention;

/// <summary>What was deleted of one account; the key is the account's id.</summary>
[Alias("ax2.IDeletionIndexGrain")]
public interface IDeletionIndexGrain : IGrainWithGuidKey
{
    /// <summary>Receipts from the newest down. The cursor's time is that of the request to delete.</summary>
    [Alias("List")]
    Task<DeletionPage> List(PageCursor? after, int limit, CancellationToken cancellationToken);

    /// <summary>The receipt of one video; null if none of that id was deleted of the account.</summary>
    [Alias("Find")]
    Task<DeletionReceipt?> Find(Guid videoId, CancellationToken cancellationToken);
}
