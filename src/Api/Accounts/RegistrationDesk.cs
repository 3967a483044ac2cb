using System.Security.Cryptography;
using System.Text;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Passwords;
using AX2Caption.Api.Sessions;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Accounts;

namespace AX2Caption.Api.Accounts;

/// <summary>Registering, confirming and new passwords, for the API and for the pages that mails lead to.</summary>
internal sealed class RegistrationDesk(ClusterCalls cluster, PasswordDigests digests, TimeProvider time)
{
    /// <returns>Null: it is noted.</returns>
    public async Task<ErrorResult?> Register(NewRegistration wish, Guid? guestId, RequestOrigin origin, CancellationToken cancellationToken)
    {
        if (PasswordPolicy.Check("password", wish.Password, wish.Email, wish.Name) is { } refused)
            return refused;

        var email = EmailAddress.Read(wish.Email)!;
        var command = new RegisterMember(
            Guid.CreateVersion7(time.GetUtcNow()), email.Text, digests.Of(wish.Password), wish.Name, wish.Language ?? "en", guestId, origin);
        var result = await cluster.Call((grains, _) => grains.GetGrain<IEmailAddressGrain>(email.Key).Register(command), cancellationToken);
        return result is RegisterResult.Busy ? SessionErrors.Busy : null;
    }

    /// <returns>Null: the member exists.</returns>
    public async Task<ErrorResult?> ConfirmEmail(string token, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var result = await cluster.Call((grains, _) => Link(grains, token).ConfirmEmail(origin), cancellationToken);
        return result is ConfirmEmailResult.Confirmed ? null : LinkNotValid;
    }

    public async Task RequestPasswordReset(ForgottenPassword wish, RequestOrigin origin, CancellationToken cancellationToken)
    {
        var email = EmailAddress.Read(wish.Email)!;
        await cluster.Call(
            async (grains, _) =>
            {
                await grains.GetGrain<IEmailAddressGrain>(email.Key).RequestPasswordReset(email.Text, wish.Language ?? "en", origin);
                return true;
            },
            cancellationToken);
    }

    /// <returns>Null: it is set.</returns>
    public async Task<ErrorResult?> ResetPassword(PasswordByLink wish, RequestOrigin origin, CancellationToken cancellationToken)
    {
        if (await cluster.Call((grains, stop) => Link(grains, wish.Token).FindOwner(stop), cancellationToken) is not { } owner)
            return LinkNotValid;
        if (PasswordPolicy.Check("newPassword", wish.NewPassword, owner.Email, owner.Name) is { } refused)
            return refused;

        var digest = digests.Of(wish.NewPassword);
        return await cluster.Call((grains, _) => Link(grains, wish.Token).ResetPassword(digest, origin), cancellationToken) switch
        {
            ResetPasswordResult.Reset => null,
            ResetPasswordResult.Busy => SessionErrors.Busy,
            _ => LinkNotValid,
        };
    }

    private static ErrorResult LinkNotValid =>
        ErrorTable.LinkNotValid.Because("It was used, is too old, or was never mailed. Ask for another one.");

    private static IAccountLinkGrain Link(IGrainFactory grains, string token) =>
        grains.GetGrain<IAccountLinkGrain>(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token))));
}
