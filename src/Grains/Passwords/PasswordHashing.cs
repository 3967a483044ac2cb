using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Passwords;

/// <summary>
/// bcrypt, on threads of its own and only so many of them: a flood of sign-ins can starve neither the grains nor the host. What
/// is hashed is a digest of 64 ASCII characters, so that none of bcrypt's 72 bytes is ever cut off.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    private readonly BcryptFunction bcrypt;
    private readonly int workFactor;
    private readonly int maximumUnderWay;
    private readonly SemaphoreSlim free;

    /// <summary>A hash that no digest has, compared with where nobody is known.</summary>
    private readonly string nobodys;

    private int underWay;

    public PasswordHashing(IOptions<PasswordOptions> options, BcryptFunction bcrypt)
    {
        this.bcrypt = bcrypt;
        workFactor = options.Value.WorkFactor;
        maximumUnderWay = options.Value.MaximumConcurrent + options.Value.MaximumWaiting;
        free = new SemaphoreSlim(options.Value.MaximumConcurrent);
        nobodys = bcrypt.Hash("no digest is as short as this", workFactor);
    }

    /// <summary>Hashes a new password; null if too many are under way.</summary>
    public Task<string?> Hash(string digest) => Run<string?>(() => bcrypt.Hash(Checked(digest), workFactor), whenBusy: null);

    /// <summary>
    /// Compares with a stored hash, or with nobody's. A wrong password takes the same work whether there is a hash and whatever
    /// its work factor; only a hash from before the factor was lowered takes the longer time it was made for.
    /// </summary>
    /// <param name="digest">What stands for the password.</param>
    /// <param name="stored">The stored hash; null if nobody is known.</param>
    public Task<PasswordVerdict> Verify(string digest, string? stored) => Run(
        () => Compare(Checked(digest), stored), whenBusy: new PasswordVerdict.Busy());

    public void Dispose() => free.Dispose();

    internal PasswordVerdict Compare(string digest, string? stored)
    {
        if (stored is null)
        {
            bcrypt.Verify(digest, nobodys);
            return new PasswordVerdict.Wrong();
        }

        var factor = BcryptFunction.WorkFactorOf(stored);
        if (bcrypt.Verify(digest, stored))
        {
            return new PasswordVerdict.Right(factor < workFactor ? bcrypt.Hash(digest, workFactor) : null);
        }

        // 2^n + 2^n + 2^(n+1) + … + 2^(m-1) = 2^m: the work that is missing.
        for (; factor < workFactor; factor++)
        {
            bcrypt.Hash(digest, factor);
        }

        return new PasswordVerdict.Wrong();
    }

    private async Task<T> Run<T>(Func<T> work, T whenBusy)
    {
        try
        {
            if (Interlocked.Increment(ref underWay) > maximumUnderWay)
            {
                return whenBusy;
            }

            await free.WaitAsync();
            try
            {
                return await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            finally
            {
                free.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }

    private static string Checked(string digest) => digest.Length == 64 && digest.All(char.IsAscii)
        ? digest
        : throw new ArgumentException("A digest is 64 characters of base64.", nameof(digest));
}

/// <summary>What became of a comparison.</summary>
internal abstract record PasswordVerdict
{
    private PasswordVerdict()
    {
    }

    /// <summary>It is the password.</summary>
    /// <param name="BetterHash">A hash with the work factor of today, to be stored; null if the stored one has it.</param>
    public sealed record Right(string? BetterHash) : PasswordVerdict;

    /// <summary>It is not.</summary>
    public sealed record Wrong : PasswordVerdict;

    /// <summary>Too many are under way; it was not compared.</summary>
    public sealed record Busy : PasswordVerdict;
}
