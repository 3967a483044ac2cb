using System.Security.Cryptography;
using AX2Caption.Api.Sessions;

namespace AX2Caption.Api.Passwords;

/// <summary>The secret that passwords are keyed with: who has the database alone cannot even begin to guess.</summary>
internal static class Pepper
{
    private const int Bytes = 32;

    /// <exception cref="FormatException">It is not base64, or has fewer than 32 bytes.</exception>
    public static byte[] Read(string path)
    {
        var pepper = Convert.FromBase64String(File.ReadAllText(path).Trim());
        return pepper.Length >= Bytes ? pepper : throw new FormatException($"it has fewer than {Bytes} bytes");
    }

    /// <summary>The command <c>create-pepper PATH</c>.</summary>
    public static int Create(string path)
    {
        try
        {
            var made = SecretFile.Create(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)));
            Console.WriteLine(made ? $"Made the pepper {path}." : $"{path} is already there; it stays as it is.");
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Cannot make the pepper {path}: {exception.Message}");
            return 1;
        }
    }
}
