namespace AX2Caption.Api.Jobs;

/// <summary>The name under which a browser saves captions: the job, and of its language only what is harmless in a header and in a folder.</summary>
internal static class CaptionFileName
{
    /// <summary>As long as the longest tag that a job may name.</summary>
    private const int MaximumLanguage = 64;

    public static string Of(Guid jobId, string language, string extension)
    {
        var tag = string.Concat(language.Where(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_').Take(MaximumLanguage));
        return tag.Length == 0 ? $"{jobId}.{extension}" : $"{jobId}.{tag}.{extension}";
    }
}
