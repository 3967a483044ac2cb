using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Passwords;

/// <summary>
/// Refuses passwords that guessers try first: those on the lists of common ones, words and names, runs on the keyboard, dates, and what
/// follows from the service's and the owner's names. There are no rules on what a password is made of.
/// </summary>
internal static class PasswordPolicy
{
    /// <summary>No list has longer ones, and guessers do not come so far.</summary>
    private const int Judged = 64;

    /// <summary>Shorter parts of a name would condemn too much.</summary>
    private const int ShortestPart = 3;

    /// <summary>What a Korean keyboard and a Korean mind come up with; the lists of the package are English.</summary>
    private static readonly string[] Korean =
    [
        "비밀번호", "비번", "암호", "사랑해", "사랑해요", "안녕하세요", "대한민국", "한국", "화이팅", "파이팅", "우리집", "엄마", "아빠", "가나다라", "관리자",
        "qlalfqjsgh", "qlqjs", "dkagh", "tkfkdgo", "tkfkdgody", "dkssudgktpdy", "eogksalsrnr", "gksrnr", "rhksflwk", "rksekfk",
    ];

    private static readonly string[] Service = ["ax2caption", "ax2", "caption", "captions", "subtitle", "subtitles", "자막"];

    /// <returns>Null if the password is not easily guessed.</returns>
    public static ErrorResult? Check(string field, string password, params string?[] about)
    {
        // As they are told apart, not as they are typed.
        password = FormC.Of(password) ?? password;
        var judged = password.Length <= Judged ? password : password[..Judged];
        var words = Service.Concat(Korean).Concat(about.OfType<string>().Select(FormC.Of).OfType<string>().SelectMany(Parts)).Distinct();
        return Zxcvbn.Zxcvbn.MatchPassword(judged, words).Score > 0
            ? null
            : ErrorTable.PasswordTooCommon.About(field, "is one of the first that a guesser would try.");
    }

    private static IEnumerable<string> Parts(string text) =>
        text.Split(['@', '.', '-', '_', '+', ' '], StringSplitOptions.RemoveEmptyEntries).Append(text).Append(text.Split('@')[0])
            .Where(part => part.Length >= ShortestPart);
}
