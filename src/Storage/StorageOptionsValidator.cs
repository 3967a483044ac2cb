using AX2Caption.Storage.S3;
using Microsoft.Extensions.Options;

namespace AX2Caption.Storage;

/// <summary>Names every setting of the chosen kind that is wrong, by the section it was read from.</summary>
internal sealed class StorageOptionsValidator(string section) : IValidateOptions<StorageOptions>
{
    private const int MaxPrefixLength = 256;

    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var failures = new List<string>();
        void Require(bool holds, string key, string demand)
        {
            if (!holds)
                failures.Add($"{section}:{key} {demand}.");
        }

        switch (options.Kind)
        {
            case StorageOptions.LocalKind:
                ValidateLocal(options, Require);
                break;
            case StorageOptions.S3Kind:
                ValidateS3(options.S3, (holds, key, demand) => Require(holds, $"S3:{key}", demand));
                break;
            default:
                Require(false, nameof(options.Kind), $"must be '{StorageOptions.LocalKind}' or '{StorageOptions.S3Kind}', not '{options.Kind}'");
                break;
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void ValidateLocal(StorageOptions options, Action<bool, string, string> require)
    {
        require(!string.IsNullOrEmpty(options.Root), nameof(options.Root), "must name the folder that holds the objects");
        require(string.IsNullOrEmpty(options.Root) || Path.IsPathFullyQualified(options.Root), nameof(options.Root), $"must be an absolute path, not '{options.Root}'");
        require(options.MinimumFreeBytes >= 0, nameof(options.MinimumFreeBytes), "must not be negative");
        require(IsBetween(options.AbandonedWriteAge, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)), nameof(options.AbandonedWriteAge), "must be between a minute and 30 days");
    }

    private static void ValidateS3(S3Options options, Action<bool, string, string> require)
    {
        require(options.Endpoint.Length == 0 || IsAddress(options.Endpoint), nameof(options.Endpoint), "must be an http or https address without a user in it");
        require(options.PublicEndpoint.Length == 0 || IsAddress(options.PublicEndpoint), nameof(options.PublicEndpoint), "must be an http or https address without a user in it");
        require(options.Region.Length > 0, nameof(options.Region), "must name the region that requests are signed for");
        require(options.Bucket.Length > 0, nameof(options.Bucket), "must name the bucket");
        require(IsPrefix(options.Prefix), nameof(options.Prefix), $"must be at most {MaxPrefixLength} of [A-Za-z0-9._-] and '/', and end in '/', not '{options.Prefix}'");
        // What is wrong with a secret is said without the secret.
        require(options.SecretKey.Length == 0 || options.SecretKeyPath.Length == 0, nameof(options.SecretKey), "and SecretKeyPath are both set: one of them is enough");
        require((options.AccessKey.Length > 0) == (options.SecretKey.Length + options.SecretKeyPath.Length > 0), nameof(options.AccessKey), "needs its SecretKey or SecretKeyPath, and they need it");
        require(options.SecretKeyPath.Length == 0 || HoldsText(options.SecretKeyPath), nameof(options.SecretKeyPath), $"must be the absolute path of a file that can be read and is not empty, not '{options.SecretKeyPath}'");
        require(options.ChecksumMode is S3Checksums.WhenRequired or S3Checksums.WhenSupported, nameof(options.ChecksumMode), $"must be '{S3Checksums.WhenRequired}' or '{S3Checksums.WhenSupported}', not '{options.ChecksumMode}'");
        require(options.PartBytes is >= PartSizes.Smallest and <= PartSizes.Largest, nameof(options.PartBytes), "must be between 5 MiB and 5 GiB");
        require(Path.IsPathFullyQualified(options.SpoolFolder), nameof(options.SpoolFolder), $"must be an absolute path, not '{options.SpoolFolder}'");
        require(IsBetween(options.ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)), nameof(options.ConnectTimeout), "must be between 100 ms and 5 minutes");
        require(IsBetween(options.RequestTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(6)), nameof(options.RequestTimeout), "must be between a second and 6 hours");
        require(IsBetween(options.ReadTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)), nameof(options.ReadTimeout), "must be between 100 ms and an hour");
        require(options.MaxRetries is >= 0 and <= 20, nameof(options.MaxRetries), "must be between 0 and 20");
        require(IsBetween(options.AbandonedUploadAge, TimeSpan.FromDays(1), TimeSpan.FromDays(90)), nameof(options.AbandonedUploadAge), "must be between a day and 90 days");
    }

    private static bool IsBetween(TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most;

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address is { Query: "", Fragment: "", UserInfo: "" };

    private static bool IsPrefix(string prefix)
    {
        try
        {
            _ = ObjectKey.PrefixSegments(prefix);
            return prefix.Length <= MaxPrefixLength;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool HoldsText(string path)
    {
        try
        {
            return Path.IsPathFullyQualified(path) && !string.IsNullOrWhiteSpace(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
