namespace AX2Caption.Grains.AuditLog;

/// <summary>What can happen, as the audit log names it. The names are stored and never change their meaning.</summary>
internal static class AuditKinds
{
    public const string RegistrationRequested = "registration_requested";
    public const string MemberCreated = "member_created";
    public const string SignedIn = "signed_in";
    public const string SignInFailed = "sign_in_failed";
    public const string SignInThrottled = "sign_in_throttled";
    public const string PasswordCheckFailed = "password_check_failed";
    public const string SignedOut = "signed_out";
    public const string SignedOutEverywhere = "signed_out_everywhere";
    public const string SessionEnded = "session_ended";
    public const string TokenReused = "refresh_token_reused";
    public const string PasswordResetRequested = "password_reset_requested";
    public const string PasswordReset = "password_reset";
    public const string PasswordChanged = "password_changed";
    public const string AccountDeleted = "account_deleted";
    public const string WebhookRegistered = "webhook_registered";
    public const string WebhookChanged = "webhook_changed";
    public const string WebhookSecretRotated = "webhook_secret_rotated";
    public const string WebhookDeleted = "webhook_deleted";
    public const string RoleGranted = "role_granted";
    public const string RoleRevoked = "role_revoked";
}
