using AX2Caption.Grains.Abstractions.Retention;

namespace AX2Caption.Grains.Abstractions.Videos;

/// <summary>What became of the wish to upload.</summary>
[GenerateSerializer, Immutable, Alias("ax2.BeginUploadResult")]
public abstract record BeginUploadResult
{
    private BeginUploadResult()
    {
    }

    /// <summary>Store the bytes under this key, as many as the account's plan allows, then complete the upload.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.BeginUploadResult.Begun")]
    public sealed record Begun(
        [property: Id(0)] VideoSnapshot Video, [property: Id(1)] string ObjectKey, [property: Id(2)] long MaximumLength) : BeginUploadResult;

    /// <summary>The account's plan allows files of this many bytes.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.BeginUploadResult.TooLarge")]
    public sealed record TooLarge([property: Id(0)] long MaximumLength) : BeginUploadResult;

    /// <summary>The account has as many videos as it may.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.BeginUploadResult.TooManyVideos")]
    public sealed record TooManyVideos([property: Id(0)] int Limit) : BeginUploadResult;

    /// <summary>There is no such account.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.BeginUploadResult.AccountNotFound")]
    public sealed record AccountNotFound : BeginUploadResult;
}

/// <summary>A video, or that the account has none of that id.</summary>
[GenerateSerializer, Immutable, Alias("ax2.VideoResult")]
public abstract record VideoResult
{
    private VideoResult()
    {
    }

    /// <summary>Here it is.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.VideoResult.Found")]
    public sealed record Found([property: Id(0)] VideoSnapshot Video) : VideoResult;

    /// <summary>The account has no such video.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.VideoResult.NotFound")]
    public sealed record NotFound : VideoResult;
}

/// <summary>What became of the wish to delete a video.</summary>
[GenerateSerializer, Immutable, Alias("ax2.DeleteVideoResult")]
public abstract record DeleteVideoResult
{
    private DeleteVideoResult()
    {
    }

    /// <summary>It is deleted, now or since before; what is left of it in the store goes at once or is swept.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.DeleteVideoResult.Deleted")]
    public sealed record Deleted([property: Id(0)] DeletionReceipt Receipt) : DeleteVideoResult;

    /// <summary>The account has no such video.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.DeleteVideoResult.NotFound")]
    public sealed record NotFound : DeleteVideoResult;
}

/// <summary>What became of the wish to keep a video.</summary>
[GenerateSerializer, Immutable, Alias("ax2.PinVideoResult")]
public abstract record PinVideoResult
{
    private PinVideoResult()
    {
    }

    /// <summary>It is pinned, now or since before.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.PinVideoResult.Pinned")]
    public sealed record Pinned([property: Id(0)] VideoSnapshot Video) : PinVideoResult;

    /// <summary>The account's plan has no pins.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.PinVideoResult.NotAllowed")]
    public sealed record NotAllowed : PinVideoResult;

    /// <summary>The account has pinned as many videos as it may.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.PinVideoResult.TooMany")]
    public sealed record TooMany([property: Id(0)] int Limit) : PinVideoResult;

    /// <summary>The account has no such video, or its time is over.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.PinVideoResult.NotFound")]
    public sealed record NotFound : PinVideoResult;
}
