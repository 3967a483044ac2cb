using System.Globalization;

namespace AX2Caption.Api.Sessions;

/// <summary>Keys as files named by the moment they were made, such as <c>20261125T213000Z.pem</c>.</summary>
internal static class SigningKeyFolder
{
    private const string NameFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const string Extension = ".pem";

    /// <summary>All keys, oldest first; at least one.</summary>
    /// <exception cref="FormatException">There is none, or a file is named in another way.</exception>
    public static IReadOnlyList<SigningKey> Read(string folder)
    {
        var keys = Files(folder).Select(file => new SigningKey(file.CreatedAt, SigningKey.Read(file.Path))).ToList();
        return keys is [] ? throw new FormatException("there is no key in it") : keys;
    }

    /// <summary>Makes a first key.</summary>
    /// <returns>False: there is one.</returns>
    public static bool CreateFirst(string folder, DateTimeOffset now) =>
        !(Directory.Exists(folder) && Files(folder).Any()) && Add(folder, now);

    /// <summary>Makes another key.</summary>
    /// <returns>False: one was made in this very second.</returns>
    public static bool Add(string folder, DateTimeOffset now) =>
        SigningKey.Create(Path.Combine(folder, now.UtcDateTime.ToString(NameFormat, CultureInfo.InvariantCulture) + Extension));

    /// <summary>Deletes keys whose successor was made before that time.</summary>
    /// <returns>How many.</returns>
    public static int DeleteSuperseded(string folder, DateTimeOffset before)
    {
        var files = Files(folder).ToList();
        var superseded = files.Zip(files.Skip(1)).Where(pair => pair.Second.CreatedAt < before).Select(pair => pair.First.Path).ToList();
        superseded.ForEach(File.Delete);
        return superseded.Count;
    }

    private static IEnumerable<(string Path, DateTimeOffset CreatedAt)> Files(string folder) =>
        from path in Directory.EnumerateFiles(folder, "*" + Extension)
        where !Path.GetFileName(path).StartsWith('.')
        let createdAt = DateTimeOffset.ParseExact(
            Path.GetFileNameWithoutExtension(path), NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
        orderby createdAt
        select (path, createdAt);
}
