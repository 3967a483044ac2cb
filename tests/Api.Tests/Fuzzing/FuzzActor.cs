namespace AX2Caption.Api.Tests.Fuzzing;

/// <summary>Who sends requests, and the ids that they put into them.</summary>
/// <param name="Name">For people.</param>
/// <param name="Token">The access token; null for nobody.</param>
/// <param name="Videos">Ids of videos.</param>
/// <param name="Jobs">Ids of jobs.</param>
/// <param name="Accounts">Ids of accounts.</param>
internal sealed record FuzzActor(
    string Name, string? Token, IReadOnlyList<string> Videos, IReadOnlyList<string> Jobs, IReadOnlyList<string> Accounts)
{
    public override string ToString() => Name;
}
