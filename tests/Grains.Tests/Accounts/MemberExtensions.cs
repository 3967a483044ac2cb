using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Tests.Mail;
using AX2Caption.Grains.Tests.Passwords;
using AX2Caption.Grains.Tests.Sessions;
using Npgsql;

namespace AX2Caption.Grains.Tests.Accounts;

/// <summary>What people do who have an e-mail address and a password.</summary>
internal static class MemberExtensions
{
    public const string Ada = "ada@example.com";
    public const string Password = "correct horse";

    public static RequestOrigin Origin(string requestId = "request") => new("192.0.2.10", "Test/1.0", requestId);

    public static IEmailAddressGrain Address(this IGrainFactory grains, string email) =>
        grains.GetGrain<IEmailAddressGrain>(EmailAddress.Read(email)!.Key);

    public static RegisterMember NewRegistration(string email = Ada, string password = Password, Guid? guestId = null, string language = "en") =>
        new(Guid.CreateVersion7(), email, Digests.Of(password), "Ada", language, guestId, Origin());

    /// <summary>Registers somebody, and opens no mail.</summary>
    /// <returns>The registration's id, which will be the member's.</returns>
    public static async Task<Guid> Register(
        this ServiceFixture service, string email = Ada, string password = Password, Guid? guestId = null, string language = "en")
    {
        var registration = NewRegistration(email, password, guestId, language);
        Assert.IsType<RegisterResult.Accepted>(await service.Grains.Address(email).Register(registration));
        return registration.RegistrationId;
    }

    /// <summary>Registers somebody, who opens the link in the mail.</summary>
    /// <returns>The member's account.</returns>
    public static async Task<Guid> SignUp(this ServiceFixture service, string email = Ada, string password = Password, Guid? guestId = null)
    {
        var memberId = await service.Register(email, password, guestId);
        var link = await new Postman(service).DeliverLinkTo(email);
        Assert.Equal(new ConfirmEmailResult.Confirmed(memberId), await link.ConfirmEmail(Origin()));
        return memberId;
    }

    public static Task<SignInResult> SignIn(
        this IGrainFactory grains, string email = Ada, string password = Password, Device? device = null) =>
        grains.Address(email).SignIn(new SignIn(Digests.Of(password), (device ??= new Device()).New, device.Origin));

    /// <summary>A device on which the member is signed in.</summary>
    public static async Task<Device> NewDevice(this ServiceFixture service, string email = Ada, string password = Password)
    {
        var device = new Device();
        Assert.IsType<SignInResult.SignedIn>(await service.Grains.SignIn(email, password, device));
        return device;
    }

    /// <summary>Gives and takes roles, as the command line does.</summary>
    public static MemberRoles Roles(this ServiceFixture service) => new(service.Service<NpgsqlDataSource>(), service.Clock);

    /// <summary>How many events of a kind there are.</summary>
    public static Task<long> Events(this ServiceFixture service, string kind) =>
        service.Value<long>("select count(*) from audit_event where kind = $1", kind);
}
