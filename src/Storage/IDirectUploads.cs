namespace AX2Caption.Storage;

/// <summary>
/// Writes that clients make straight to the store, in parts under signed addresses, while the service keeps the say: it begins a write and
/// finishes it, and nothing of it is visible before. Only stores that clients can reach offer it.
/// </summary>
public interface IDirectUploads
{
    /// <summary>Begins a write. A repetition begins another one; what is not finished is to be abandoned.</summary>
    /// <param name="key">The object that it will be.</param>
    /// <param name="length">How long it will be, in bytes; at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<DirectUpload> Begin(string key, long length, CancellationToken cancellationToken);

    /// <summary>
    /// An address to which anybody may PUT a part for a while: exactly as many bytes as the part has. A part may be sent again, the last
    /// one counts. The answer's <c>ETag</c> is what <see cref="Finish"/> wants to know.
    /// </summary>
    /// <param name="key">The object.</param>
    /// <param name="state">What <see cref="Begin"/> answered.</param>
    /// <param name="number">Which part, from 1.</param>
    /// <param name="lifetime">How long the address works; 7 days at most.</param>
    Uri PartAddress(string key, string state, int number, TimeSpan lifetime);

    /// <summary>Makes the parts the object. Done again after a lost answer it is finished: the object stands.</summary>
    /// <param name="key">The object.</param>
    /// <param name="state">What <see cref="Begin"/> answered.</param>
    /// <param name="parts">What the client says it sent, in any order.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ObjectNotFoundException">There is neither such a write nor the object.</exception>
    Task<DirectFinish> Finish(string key, string state, IReadOnlyCollection<DirectPart> parts, CancellationToken cancellationToken);

    /// <summary>Drops a write; one that is not there counts as dropped.</summary>
    Task Abandon(string key, string state, CancellationToken cancellationToken);
}

/// <summary>A write that a client is to make.</summary>
/// <param name="State">The store's own note of it.</param>
/// <param name="PartBytes">How long each part is, in bytes; the last one has what is left.</param>
/// <param name="PartCount">How many parts there are.</param>
public sealed record DirectUpload(string State, long PartBytes, int PartCount);

/// <summary>A part as the store answered for it.</summary>
/// <param name="Number">Which one, from 1.</param>
/// <param name="ETag">The store's mark of its content, with or without quotes.</param>
public sealed record DirectPart(int Number, string ETag);

/// <summary>What became of finishing a direct write.</summary>
public abstract record DirectFinish
{
    private DirectFinish()
    {
    }

    /// <summary>The object stands.</summary>
    public sealed record Finished : DirectFinish;

    /// <summary>The write goes on: parts are missing, or are not what the client says.</summary>
    /// <param name="Numbers">The parts to send or to name again, in order.</param>
    public sealed record WrongParts(IReadOnlyList<int> Numbers) : DirectFinish;
}
