namespace AX2Caption.Grains.Abstractions.Uploads;

/// <summary>What became of the wish to upload.</summary>
[GenerateSerializer, Immutable, Alias("ax2.CreateUploadResult")]
public abstract record CreateUploadResult
{
    private CreateUploadResult()
    {
    }

    /// <summary>Send the bytes.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreateUploadResult.Created")]
    public sealed record Created([property: Id(0)] UploadSnapshot Upload) : CreateUploadResult;

    /// <summary>The account has as many videos as it may.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreateUploadResult.TooManyVideos")]
    public sealed record TooManyVideos([property: Id(0)] int Limit) : CreateUploadResult;

    /// <summary>The account's plan allows files of this many bytes.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreateUploadResult.TooLarge")]
    public sealed record TooLarge([property: Id(0)] long MaximumLength) : CreateUploadResult;

    /// <summary>There is no such account.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreateUploadResult.AccountNotFound")]
    public sealed record AccountNotFound : CreateUploadResult;

    /// <summary>The store takes nothing from clients.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.CreateUploadResult.NotOffered")]
    public sealed record NotOffered : CreateUploadResult;
}

/// <summary>An upload, or why there is none.</summary>
[GenerateSerializer, Immutable, Alias("ax2.UploadResult")]
public abstract record UploadResult
{
    private UploadResult()
    {
    }

    /// <summary>Here it is.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.UploadResult.Found")]
    public sealed record Found([property: Id(0)] UploadSnapshot Upload) : UploadResult;

    /// <summary>The account has no such upload.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.UploadResult.NotFound")]
    public sealed record NotFound : UploadResult;

    /// <summary>Its time is over.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.UploadResult.Expired")]
    public sealed record Expired : UploadResult;
}

/// <summary>Whether a writer may append.</summary>
[GenerateSerializer, Immutable, Alias("ax2.BeginWriteResult")]
public abstract record BeginWriteResult
{
    private BeginWriteResult()
    {
    }

    /// <summary>Go on with the write of the object at the progress; say so again within <paramref name="Lease"/>.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.BeginWriteResult.Granted")]
    public sealed record Granted(
        [property: Id(0)] UploadSnapshot Upload,
        [property: Id(1)] string ObjectKey,
        [property: Id(2)] UploadProgress Progress,
        [property: Id(3)] TimeSpan Lease) : BeginWriteResult;

    /// <summary>All of it is there already.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.BeginWriteResult.Complete")]
    public sealed record Complete([property: Id(0)] UploadSnapshot Upload) : BeginWriteResult;

    /// <summary>Another writer holds the upload.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.BeginWriteResult.Locked")]
    public sealed record Locked : BeginWriteResult;

    /// <summary>The upload stands elsewhere.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.BeginWriteResult.OtherOffset")]
    public sealed record OtherOffset([property: Id(0)] long Written) : BeginWriteResult;

    /// <summary>The account has no such upload.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.BeginWriteResult.NotFound")]
    public sealed record NotFound : BeginWriteResult;

    /// <summary>Its time is over.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.BeginWriteResult.Expired")]
    public sealed record Expired : BeginWriteResult;
}

/// <summary>What became of a piece.</summary>
[GenerateSerializer, Immutable, Alias("ax2.EndWriteResult")]
public abstract record EndWriteResult
{
    private EndWriteResult()
    {
    }

    /// <summary>It counts; this is the upload now.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.EndWriteResult.Noted")]
    public sealed record Noted([property: Id(0)] UploadSnapshot Upload) : EndWriteResult;

    /// <summary>It does not count: another writer holds the upload.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.EndWriteResult.Replaced")]
    public sealed record Replaced : EndWriteResult;

    /// <summary>There is no such upload any more; what is stored of it is to be dropped.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.EndWriteResult.UploadGone")]
    public sealed record UploadGone : EndWriteResult;
}

/// <summary>Addresses for parts, or why there are none.</summary>
[GenerateSerializer, Immutable, Alias("ax2.SignPartsResult")]
public abstract record SignPartsResult
{
    private SignPartsResult()
    {
    }

    /// <summary>PUT each part to its address before the addresses expire.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SignPartsResult.Signed")]
    public sealed record Signed(
        [property: Id(0)] IReadOnlyList<PartAddress> Parts, [property: Id(1)] DateTimeOffset ExpiresAt) : SignPartsResult;

    /// <summary>The upload has this many parts, from 1.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SignPartsResult.NoSuchPart")]
    public sealed record NoSuchPart([property: Id(0)] int Count) : SignPartsResult;

    /// <summary>The account has no such upload under way.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SignPartsResult.NotFound")]
    public sealed record NotFound : SignPartsResult;
}

/// <summary>What became of finishing an upload that the client has sent to the store itself.</summary>
[GenerateSerializer, Immutable, Alias("ax2.FinishDirectResult")]
public abstract record FinishDirectResult
{
    private FinishDirectResult()
    {
    }

    /// <summary>The object stands and the video is examined.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.FinishDirectResult.Finished")]
    public sealed record Finished([property: Id(0)] UploadSnapshot Upload) : FinishDirectResult;

    /// <summary>These parts are missing, or are not what the client says.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.FinishDirectResult.WrongParts")]
    public sealed record WrongParts([property: Id(0)] IReadOnlyList<int> Numbers) : FinishDirectResult;

    /// <summary>The account has no such upload under way.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.FinishDirectResult.NotFound")]
    public sealed record NotFound : FinishDirectResult;
}
