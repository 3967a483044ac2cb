namespace AX2Caption.Api.Sessions;

/// <summary>The commands <c>create-signing-key FOLDER</c> and <c>rotate-signing-key FOLDER</c>.</summary>
internal static class SigningKeyCommands
{
    /// <summary>How long a key is kept that has a successor: longer than a publication delay and a token's life together.</summary>
    private static readonly TimeSpan KeepSuperseded = TimeSpan.FromDays(2);

    public static int Create(string folder) => Run(folder, () => SigningKeyFolder.CreateFirst(folder, TimeProvider.System.GetUtcNow())
        ? $"Made a signing key in {folder}."
        : $"There is a signing key in {folder}; it stays as it is.");

    public static int Rotate(string folder) => Run(folder, () =>
    {
        var now = TimeProvider.System.GetUtcNow();
        var deleted = SigningKeyFolder.DeleteSuperseded(folder, now - KeepSuperseded);
        return SigningKeyFolder.Add(folder, now)
            ? $"Made another signing key in {folder}; it signs when it has been published for long enough. Deleted old ones: {deleted}."
            : $"A signing key was made in {folder} in this very second; it counts.";
    });

    private static int Run(string folder, Func<string> act)
    {
        try
        {
            Console.WriteLine(act());
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            Console.Error.WriteLine($"The signing keys in {folder} cannot be worked on: {exception.Message}");
            return 1;
        }
    }
}
