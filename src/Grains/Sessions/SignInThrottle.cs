namespace AX2Caption.Grains.Sessions;

/// <summary>The pure core of the throttle: wrong passwords in the name of one address.</summary>
internal sealed record SignInThrottle(int Failures, DateTimeOffset LastFailedAt)
{
    public static SignInThrottle None { get; } = new(0, DateTimeOffset.UnixEpoch);

    /// <summary>How long a password is not even looked at; zero for not at all.</summary>
    public TimeSpan WaitAt(DateTimeOffset now, SignInOptions options)
    {
        var excess = CountAt(now, options) - options.FreeFailures;
        if (excess <= 0)
        {
            return TimeSpan.Zero;
        }

        // No doubling beyond what a TimeSpan can hold.
        var delay = TimeSpan.FromSeconds(Math.Min(
            options.MaximumDelay.TotalSeconds, options.FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(excess - 1, 32))));
        var wait = LastFailedAt + delay - now;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    public SignInThrottle Failed(DateTimeOffset now, SignInOptions options) => new(CountAt(now, options) + 1, now);

    private int CountAt(DateTimeOffset now, SignInOptions options) => now - LastFailedAt >= options.ForgetAfter ? 0 : Failures;
}
