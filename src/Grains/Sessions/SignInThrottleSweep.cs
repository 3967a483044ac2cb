using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Sessions;

/// <summary>Forgets wrong passwords that no longer count.</summary>
internal sealed class SignInThrottleSweep(SignInThrottleStore store, IOptions<SignInOptions> options, TimeProvider time) : ISweep
{
    public string Name => "wrong passwords";

    public Task<int> Run(int limit, CancellationToken cancellationToken) =>
        store.DeleteOld(time.UtcNow() - options.Value.ForgetAfter, limit, cancellationToken);
}
