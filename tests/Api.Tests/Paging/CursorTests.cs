using AX2Caption.Api.Errors;
using AX2Caption.Api.Paging;
using AX2Caption.Grains.Abstractions;

namespace AX2Caption.Api.Tests.Paging;

public sealed class CursorTests
{
    private static readonly PageCursor Position =
        new(new DateTimeOffset(2026, 3, 1, 12, 30, 15, 123, TimeSpan.Zero).AddMicroseconds(456), Guid.Parse("01900000-0000-7000-8000-000000000001"));

    [Fact]
    public void Read_WrittenPosition_GivesItBack()
    {
        Assert.Null(Cursor.Read(Cursor.Write(Position), out PageCursor? read));
        Assert.Equal(Position, read);
    }

    [Fact]
    public void Read_WrittenSequence_GivesItBack()
    {
        Assert.Null(Cursor.Read(Cursor.Write(42L), out long? read));
        Assert.Equal(42, read);
    }

    [Fact]
    public void Read_Nothing_IsTheFirstPage()
    {
        Assert.Null(Cursor.Read(null, out PageCursor? read));
        Assert.Null(read);
    }

    [Fact]
    public void Read_CursorOfAnotherKindOfList_IsRefused()
    {
        Assert.Equal(ErrorTable.InvalidCursor, Cursor.Read(Cursor.Write(Position), out long? _)?.Error);
        Assert.Equal(ErrorTable.InvalidCursor, Cursor.Read(Cursor.Write(42L), out PageCursor? _)?.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AQ")]
    [InlineData("AX______________________________________")]
    [InlineData("AX/////////////////////////////////")]
    [InlineData("AQ AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("CQAAAAAAAAAB")]
    public void Read_AnythingElse_IsRefused(string cursor)
    {
        Assert.Equal(ErrorTable.InvalidCursor, Cursor.Read(cursor, out PageCursor? _)?.Error);
        Assert.Equal(ErrorTable.InvalidCursor, Cursor.Read(cursor, out long? _)?.Error);
    }
}
