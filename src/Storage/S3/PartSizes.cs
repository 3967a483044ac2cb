namespace AX2Caption.Storage.S3;

/// <summary>How long the parts of a write are. Servers allow 10,000 parts of 5 MiB to 5 GiB, the last one shorter.</summary>
internal static class PartSizes
{
    public const long Smallest = 5 * Mebibyte;
    public const long Largest = 5L * 1024 * Mebibyte;
    public const int MostParts = 9_000;

    private const long Mebibyte = 1024 * 1024;
    private const int DoubledEvery = 1_000;

    /// <summary>Of a write whose length is known: equal parts, which some servers insist on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No size is enough.</exception>
    public static long For(long length, long wanted)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MostParts * Largest);
        var needed = (length + MostParts - 1) / MostParts;
        return needed <= wanted ? wanted : (needed + Mebibyte - 1) / Mebibyte * Mebibyte;
    }

    /// <summary>Of the <paramref name="number"/>th part (from 1) of a write whose length is not known: parts grow, so that 9,000 hold terabytes.</summary>
    public static long OfEndless(int number, long first) => Math.Min(first << ((number - 1) / DoubledEvery), Largest);
}
