using AX2Caption.Api.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>Makes access tokens as the service does, or nearly.</summary>
internal static class ServiceTokens
{
    public static AccessTokens With(string keyFolder, Action<AuthOptions>? change = null, TimeProvider? time = null)
    {
        var options = new AuthOptions { SigningKeyFolder = keyFolder };
        change?.Invoke(options);
        var clock = time ?? TimeProvider.System;
        var keys = new SigningKeys(Options.Create(options), clock, NullLogger<SigningKeys>.Instance);
        return new AccessTokens(Options.Create(options), keys, clock);
    }
}
