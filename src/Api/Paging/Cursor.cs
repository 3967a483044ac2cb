using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using AX2Caption.Api.Errors;
using AX2Caption.Grains.Abstractions;

namespace AX2Caption.Api.Paging;

/// <summary>
/// Where the next page begins, as text that is opaque to clients: a byte for the kind of list, then the position,
/// big-endian, in base64url.
/// </summary>
internal static class Cursor
{
    public const string Description = "The 'next' of the page before, for the page that follows it. Send the same filters with it.";

    public static readonly int MinimumLength = Base64Url.GetEncodedLength(SequenceLength);
    public static readonly int MaximumLength = Base64Url.GetEncodedLength(CreationLength);

    private const byte ByCreation = 1;
    private const byte BySequence = 2;
    private const int CreationLength = 1 + sizeof(long) + 16;
    private const int SequenceLength = 1 + sizeof(long);

    [return: NotNullIfNotNull(nameof(position))]
    public static string? Write(PageCursor? position)
    {
        if (position is null)
            return null;

        Span<byte> bytes = stackalloc byte[CreationLength];
        bytes[0] = ByCreation;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], position.CreatedAt.UtcTicks);
        position.Id.TryWriteBytes(bytes[9..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    [return: NotNullIfNotNull(nameof(position))]
    public static string? Write(long? position)
    {
        if (position is null)
            return null;

        Span<byte> bytes = stackalloc byte[SequenceLength];
        bytes[0] = BySequence;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], position.Value);
        return Base64Url.EncodeToString(bytes);
    }

    /// <returns>Null if the cursor, which may be absent, can be used.</returns>
    public static ErrorResult? Read(string? cursor, out PageCursor? position)
    {
        position = null;
        if (cursor is null)
            return null;

        Span<byte> bytes = stackalloc byte[CreationLength];
        if (!TryDecode(cursor, ByCreation, bytes))
            return Unknown();

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
        if (ticks < DateTimeOffset.MinValue.UtcTicks || ticks > DateTimeOffset.MaxValue.UtcTicks)
            return Unknown();

        position = new PageCursor(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[9..], bigEndian: true));
        return null;
    }

    /// <returns>Null if the cursor, which may be absent, can be used.</returns>
    public static ErrorResult? Read(string? cursor, out long? position)
    {
        position = null;
        if (cursor is null)
            return null;

        Span<byte> bytes = stackalloc byte[SequenceLength];
        if (!TryDecode(cursor, BySequence, bytes))
            return Unknown();

        var seq = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
        if (seq < 1)
            return Unknown();

        position = seq;
        return null;
    }

    private static bool TryDecode(string cursor, byte kind, Span<byte> bytes) =>
        cursor.Length == Base64Url.GetEncodedLength(bytes.Length)
        && Base64Url.IsValid(cursor, out var length)
        && length == bytes.Length
        && Base64Url.TryDecodeFromChars(cursor, bytes, out _)
        && bytes[0] == kind;

    private static ErrorResult Unknown() => ErrorTable.InvalidCursor.Because("Pass the 'next' of the page before, unchanged, or nothing.");
}
