namespace AX2Caption.Api.Errors;

/// <summary>Every error the API answers with. A code never changes its meaning; docs/errors.md lists the same table.</summary>
internal static class ErrorTable
{
    private static readonly List<Error> Rows = [];

    public static IReadOnlyList<Error> All => Rows;

    public static readonly Error InvalidRequest = Row(400, "invalid_request", "The request is not valid.");
    public static readonly Error InvalidCursor = Row(400, "invalid_cursor", "The cursor is not one this list gave out.");
    public static readonly Error FileMissing = Row(400, "file_missing", "The body has no file.");
    public static readonly Error FileEmpty = Row(400, "file_empty", "The file is empty.");
    public static readonly Error UploadIncomplete = Row(400, "upload_incomplete", "The upload ended before the file did.");
    public static readonly Error IdempotencyKeyMissing = Row(400, "idempotency_key_missing", "The Idempotency-Key header is missing.");
    public static readonly Error IdempotencyKeyInvalid = Row(400, "idempotency_key_invalid", "The Idempotency-Key header is not valid.");

    public static readonly Error TokenMissing = Row(401, "token_missing", "An access token is needed.");
    public static readonly Error TokenInvalid = Row(401, "token_invalid", "The access token is not valid.");
    public static readonly Error TokenExpired = Row(401, "token_expired", "The access token has expired.");

    public static readonly Error SessionEnded = Row(401, "session_ended", "The session has ended.");
    public static readonly Error RefreshTokenInvalid = Row(401, "refresh_token_invalid", "The refresh token is not valid.");
    public static readonly Error InvalidCredentials = Row(401, "invalid_credentials", "The e-mail address or the password is wrong.");

    public static readonly Error InsufficientCredits = Row(402, "insufficient_credits", "There are not enough credits.");

    public static readonly Error HttpsRequired = Row(403, "https_required", "Only HTTPS is spoken here.");
    public static readonly Error OperatorOnly = Row(403, "operator_only", "Only operators may do this.");

    public static readonly Error MemberOnly = Row(403, "member_only", "Only members may do this.");
    public static readonly Error WrongPassword = Row(403, "wrong_password", "The password is wrong.");
    public static readonly Error CsrfRefused = Row(403, "csrf_refused", "The request may have come from another site.");
    public static readonly Error PinNotAllowed = Row(403, "pin_not_allowed", "The account may not pin videos.");

    public static readonly Error LinkInvalid = Row(403, "link_invalid", "The link was not made by this service.");

    public static readonly Error NotFound = Row(404, "not_found", "There is nothing at this address.");
    public static readonly Error UploadNotFound = Row(404, "upload_not_found", "There is no such upload.");
    public static readonly Error VideoNotFound = Row(404, "video_not_found", "There is no such video.");
    public static readonly Error ThumbnailNotFound = Row(404, "thumbnail_not_found", "There is no picture of the video.");
    public static readonly Error JobNotFound = Row(404, "job_not_found", "There is no such job.");
    public static readonly Error DeletionNotFound = Row(404, "deletion_not_found", "There is no such receipt.");
    public static readonly Error AccountNotFound = Row(404, "account_not_found", "There is no such account.");
    public static readonly Error SessionNotFound = Row(404, "session_not_found", "There is no such session.");
    public static readonly Error WebhookNotFound = Row(404, "webhook_not_found", "There is no such webhook.");
    public static readonly Error DeliveryNotFound = Row(404, "delivery_not_found", "There is no such delivery.");
    public static readonly Error CaptionsFormatUnknown = Row(404, "captions_format_unknown", "Captions do not come in this format.");

    public static readonly Error MethodNotAllowed = Row(405, "method_not_allowed", "This address does not answer to this method.");
    public static readonly Error RequestTooSlow = Row(408, "request_too_slow", "The request arrived too slowly.");

    public static readonly Error VideoNotReady = Row(409, "video_not_ready", "The video is not ready yet.");
    public static readonly Error VideoRejected = Row(409, "video_rejected", "The video cannot be captioned.");
    public static readonly Error JobAlreadyEnded = Row(409, "job_already_ended", "The job has already ended.");
    public static readonly Error CaptionsNotReady = Row(409, "captions_not_ready", "The job has no captions.");
    public static readonly Error JobNotSettled = Row(409, "job_not_settled", "The job has not spent any credits.");
    public static readonly Error AccountMoved = Row(409, "account_moved", "The account has become another's.");
    public static readonly Error WebhookDisabled = Row(409, "webhook_disabled", "The webhook is disabled.");

    public static readonly Error DirectUploadsNotOffered = Row(409, "direct_uploads_not_offered", "The object store takes nothing from clients.");
    public static readonly Error UploadOffsetMismatch = Row(409, "upload_offset_mismatch", "The upload stands elsewhere.");

    public static readonly Error UploadExpired = Row(410, "upload_expired", "The time of the upload is over.");
    public static readonly Error LinkExpired = Row(410, "link_expired", "The time of the link is over.");
    public static readonly Error CaptionsDeleted = Row(410, "captions_deleted", "The captions are deleted.");

    public static readonly Error TusVersionUnsupported = Row(412, "tus_version_unsupported", "Another version of the tus protocol is spoken here.");

    public static readonly Error BodyTooLarge = Row(413, "body_too_large", "The body is too large.");
    public static readonly Error UploadTooLarge = Row(413, "upload_too_large", "The file is too large.");
    public static readonly Error UnsupportedContentType = Row(415, "unsupported_content_type", "The body's content type is not supported here.");

    public static readonly Error RangeNotSatisfiable = Row(416, "range_not_satisfiable", "The file has no such range.");

    public static readonly Error HostNotAllowed = Row(421, "host_not_allowed", "The service does not answer to this host name.");

    public static readonly Error IdempotencyKeyReused = Row(422, "idempotency_key_reused", "The Idempotency-Key was used for another request.");
    public static readonly Error LanguageNotSupported = Row(422, "language_not_supported", "The language is not supported.");
    public static readonly Error ProfileUnknown = Row(422, "profile_unknown", "There is no such layout profile.");
    public static readonly Error AudioStreamUnknown = Row(422, "audio_stream_unknown", "The video has no such audio stream.");
    public static readonly Error QuoteNotValid = Row(422, "quote_not_valid", "The quote is not valid.");
    public static readonly Error InvalidAmount = Row(422, "invalid_amount", "The amount is not valid here.");
    public static readonly Error InvalidExpiry = Row(422, "invalid_expiry", "The time of expiry is not valid.");

    public static readonly Error UploadPartsWrong = Row(422, "upload_parts_wrong", "The parts are not those of the upload.");

    public static readonly Error PasswordTooCommon = Row(422, "password_too_common", "The password is too easily guessed.");
    public static readonly Error LinkNotValid = Row(422, "link_not_valid", "The link is not valid any more.");

    public static readonly Error WebhookUrlRefused = Row(422, "webhook_url_refused", "Nothing is sent to this address.");

    public static readonly Error UploadLocked = Row(423, "upload_locked", "Another request is sending to the upload.");
    public static readonly Error TooManyRequests = Row(429, "too_many_requests", "There are too many requests.");
    public static readonly Error TooManyAttempts = Row(429, "too_many_attempts", "There were too many wrong passwords.");
    public static readonly Error TooManyVideos = Row(429, "too_many_videos", "The account has as many videos as it may.");
    public static readonly Error TooManyPinned = Row(429, "too_many_pinned", "The account has pinned as many videos as it may.");
    public static readonly Error TooManyJobs = Row(429, "too_many_jobs", "The account has as many running jobs as it may.");
    public static readonly Error TooManyStreams = Row(429, "too_many_streams", "There are too many open streams.");
    public static readonly Error TooManyWebhooks = Row(429, "too_many_webhooks", "The account has as many webhooks as it may.");
    public static readonly Error TooManyGuests = Row(429, "too_many_guests", "Too many guest accounts came from this network.");
    public static readonly Error TooManyGrants = Row(429, "too_many_grants", "The account has as many grants that lapse as it may.");

    public static readonly Error ChecksumMismatch = Row(460, "checksum_mismatch", "The bytes do not come to the checksum.");

    public static readonly Error InternalError = Row(500, "internal_error", "Something went wrong on our side.");
    public static readonly Error ServiceUnavailable = Row(503, "service_unavailable", "The service cannot answer at the moment.");
    public static readonly Error RequestTimeout = Row(504, "request_timeout", "The request took too long.");
    public static readonly Error StorageFull = Row(507, "storage_full", "There is no room for the file at the moment.");

    private static Error Row(int status, string code, string title)
    {
        var error = new Error(code, title, status);
        Rows.Add(error);
        return error;
    }
}
