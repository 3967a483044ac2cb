namespace AX2Caption.Captions;

internal static class Payload
{
    /// <summary>A cue's lines without anything that would end a payload early: no line breaks inside, none of them blank.</summary>
    public static List<string> Lines(Cue cue) => [.. cue.Lines.Select(PlainText.ToOneLine).Where(line => line.Length > 0)];
}
