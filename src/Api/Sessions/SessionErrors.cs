using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Sessions;

internal static class SessionErrors
{
    private static readonly TimeSpan BusyFor = TimeSpan.FromSeconds(2);

    public static ErrorResult Busy =>
        ErrorTable.ServiceUnavailable.Because("Too many people are signing in at this moment. Try again in a moment.").After(BusyFor);

    public static ErrorResult TooManyAttempts(TimeSpan wait) =>
        ErrorTable.TooManyAttempts.Because("Passwords for this address are looked at again when Retry-After is over.").After(wait);
}
