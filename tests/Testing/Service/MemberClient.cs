namespace AX2Caption.Testing.Service;

/// <summary>Somebody with an address and a password, and a client that they use.</summary>
public sealed class MemberClient(CaptionClient client, Mailbox mailbox, string? email = null) : IDisposable
{
    private int mailsRead;

    /// <summary>The client.</summary>
    public CaptionClient Client => client;

    /// <summary>Their address.</summary>
    public string Email { get; } = email ?? $"minji-{Guid.CreateVersion7():N}@example.org";

    /// <summary>Their password; set it to what they change it to.</summary>
    public string Password { get; set; } = $"twelve violet herons {Guid.CreateVersion7():N}";

    /// <summary>The session after <see cref="SignIn"/>.</summary>
    public ClientTokens? Tokens { get; private set; }

    /// <summary>Their account, after <see cref="SignIn"/>.</summary>
    public Guid AccountId => Tokens!.AccountId;

    /// <summary>Asks for an account.</summary>
    public Task Register(CancellationToken cancellationToken = default) =>
        client.Post("/v1/auth/register", new { email = Email, password = Password }, cancellationToken);

    /// <summary>Waits for the next mail to them and hands out the secret of its link.</summary>
    public async Task<string> NextSecret(CancellationToken cancellationToken = default) =>
        Mailbox.Secret(await mailbox.Await(Email, ++mailsRead, cancellationToken));

    /// <summary>Waits for the link and opens it.</summary>
    public async Task ConfirmEmail(CancellationToken cancellationToken = default) =>
        await client.Post("/v1/auth/verify-email", new { token = await NextSecret(cancellationToken) }, cancellationToken);

    /// <summary>Signs in and uses the session from now on.</summary>
    public async Task<ClientTokens> SignIn(CancellationToken cancellationToken = default) =>
        Tokens = await client.SignIn(Email, Password, cancellationToken);

    /// <summary>Takes the session's next tokens.</summary>
    public async Task<ClientTokens> Refresh(CancellationToken cancellationToken = default) =>
        Tokens = await client.Refresh(Tokens!.RefreshToken!, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();
}
