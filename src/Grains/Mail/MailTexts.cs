namespace AX2Caption.Grains.Mail;

/// <summary>What mails say, in the languages that there are.</summary>
internal static class MailTexts
{
    public static MailText Confirm(string language, Uri link, TimeSpan lifetime) => language == "ko"
        ? new("AX2Caption 가입을 확인해 주세요", $"""
            안녕하세요.

            이 주소로 AX2Caption 가입 신청이 들어왔습니다. 아래 링크를 열어 가입을 마쳐 주세요.

            {link}

            링크는 {KoreanDuration(lifetime)} 동안 한 번만 쓸 수 있습니다.
            직접 신청하지 않으셨다면 링크를 열지 말고 이 메일을 무시해 주세요. 아무 계정도 만들어지지 않습니다.
            """)
        : new("Please confirm your AX2Caption account", $"""
            Hello,

            somebody asked for an AX2Caption account with this address. Open this link to finish:

            {link}

            It works once, within {Duration(lifetime)}.
            If it was not you, do not open the link and ignore this mail; no account will be made.
            """);

    public static MailText AlreadyMember(string language, Uri service) => language == "ko"
        ? new("이미 AX2Caption 계정이 있습니다", $"""
            안녕하세요.

            이 주소로 AX2Caption 가입 신청이 들어왔지만, 이미 이 주소의 계정이 있습니다.
            그 계정으로 로그인해 주세요. 비밀번호를 잊으셨다면 새로 정할 수 있습니다: {service}

            직접 신청하지 않으셨다면 하실 일이 없습니다. 바뀐 것은 없습니다.
            """)
        : new("You already have an AX2Caption account", $"""
            Hello,

            somebody asked for an AX2Caption account with this address, but there is one already.
            Please sign in with it. If you have forgotten the password, you can set a new one: {service}

            If it was not you, there is nothing to do. Nothing has changed.
            """);

    public static MailText Reset(string language, Uri link, TimeSpan lifetime) => language == "ko"
        ? new("AX2Caption 비밀번호를 새로 정해 주세요", $"""
            안녕하세요.

            이 주소의 AX2Caption 계정에 새 비밀번호를 정하려는 요청이 들어왔습니다. 아래 링크를 열어 새 비밀번호를 정해 주세요.

            {link}

            링크는 {KoreanDuration(lifetime)} 동안 한 번만 쓸 수 있습니다. 새 비밀번호를 정하면 모든 기기에서 로그아웃됩니다.
            직접 요청하지 않으셨다면 이 메일을 무시해 주세요. 비밀번호는 그대로입니다.
            """)
        : new("Set a new AX2Caption password", $"""
            Hello,

            somebody asked to set a new password for the AX2Caption account of this address. Open this link to do so:

            {link}

            It works once, within {Duration(lifetime)}. A new password signs you out on all devices.
            If it was not you, ignore this mail; the password stays as it is.
            """);

    public static MailText PasswordChanged(string language, Uri service) => language == "ko"
        ? new("AX2Caption 비밀번호가 바뀌었습니다", $"""
            안녕하세요.

            AX2Caption 계정의 비밀번호가 방금 바뀌었습니다.
            직접 바꾸지 않으셨다면 지금 바로 비밀번호를 새로 정해 주세요: {service}
            """)
        : new("Your AX2Caption password has changed", $"""
            Hello,

            the password of your AX2Caption account has just changed.
            If it was not you, set a new one right away: {service}
            """);

    /// <summary>Rounded down: a link is not to be promised for longer than it works.</summary>
    private static string Duration(TimeSpan time) => time.TotalHours >= 2 ? $"{(int)time.TotalHours} hours" : $"{(int)time.TotalMinutes} minutes";

    private static string KoreanDuration(TimeSpan time) => time.TotalHours >= 2 ? $"{(int)time.TotalHours}시간" : $"{(int)time.TotalMinutes}분";
}

/// <summary>A mail's words.</summary>
internal sealed record MailText(string Subject, string Body);
