namespace AX2Caption.Api.Accounts;

/// <summary>The command <c>create-signing-key PATH</c>.</summary>
internal static class CreateSigningKey
{
    public static int Run(string path)
    {
        try
        {
            Console.WriteLine(SigningKey.Create(path) ? $"Made the signing key {path}." : $"{path} is already there; it stays as it is.");
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Cannot make the signing key {path}: {exception.Message}");
            return 1;
        }
    }
}
