using AX2Caption.Grains.Abstractions.Accounts;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Grains.Accounts;

/// <summary>
/// Gives a new member what the confirmation promised: the welcome grant, and what the guest had that registered. Each step may
/// be made again; the registration's row goes when all are done.
/// </summary>
internal sealed partial class RegistrationCompletion(RegistrationStore store, IGrainFactory grains, ILogger<RegistrationCompletion> logger)
{
    public async Task Complete(Guid registrationId)
    {
        if (await store.Load(registrationId) is not { ConfirmedAt: not null } registration)
        {
            return;
        }

        var member = grains.GetGrain<IAccountGrain>(registrationId);
        await member.CreateMember();
        if (registration.GuestId is { } guestId && await member.AdoptGuest(guestId) is var adoption and not AdoptGuestResult.Adopted)
        {
            // Another registration of the same guest was confirmed first, or the guest deleted the account: there is nothing to move.
            LogNotAdopted(guestId, registrationId, adoption);
        }

        await store.Delete(registrationId);
    }

    [LoggerMessage(LogLevel.Warning, "Guest {GuestId} has not become member {MemberId}: {Result}.")]
    private partial void LogNotAdopted(Guid guestId, Guid memberId, AdoptGuestResult result);
}
