using AX2Caption.Grains.Abstractions.Uploads;
using AX2Caption.Grains.Videos;
using AX2Caption.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Uploads;

/// <summary>Uploads whose parts clients send to the store themselves, where the store is one that takes them.</summary>
internal sealed class DirectUploads(IServiceProvider services)
{
    private readonly IDirectUploads? store = services.GetService<IDirectUploads>();

    public bool AreOffered => store is not null;

    public Task<DirectUpload> Begin(Guid videoId, long length) => Store.Begin(Video.IncomingKey(videoId), length, CancellationToken.None);

    public PartAddress Sign(Upload upload, int number, TimeSpan lifetime) =>
        new(number, Store.PartAddress(Video.IncomingKey(upload.VideoId), upload.Progress.State!, number, lifetime));

    /// <summary>Makes the parts the object. Done again, it succeeds.</summary>
    /// <returns>The parts that are missing or other than the client says; none if the object stands.</returns>
    public async Task<IReadOnlyList<int>> Finish(Upload upload, IReadOnlyList<UploadPart> parts)
    {
        var finish = await Store.Finish(
            Video.IncomingKey(upload.VideoId),
            upload.Progress.State!,
            [.. parts.Select(part => new DirectPart(part.Number, part.ETag))],
            CancellationToken.None);
        return finish is DirectFinish.WrongParts { Numbers: var numbers } ? numbers : [];
    }

    /// <summary>Drops what was sent. Where the store has become another since, there is nothing of it.</summary>
    public Task Abandon(Upload upload) =>
        store?.Abandon(Video.IncomingKey(upload.VideoId), upload.Progress.State!, CancellationToken.None) ?? Task.CompletedTask;

    private IDirectUploads Store => store ?? throw new InvalidOperationException("The store takes nothing from clients.");
}
