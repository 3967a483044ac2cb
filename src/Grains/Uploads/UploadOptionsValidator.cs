using AX2Caption.Storage;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Uploads;

/// <summary>The store must not take the pieces of an upload for abandoned while its row says that it lives.</summary>
internal sealed class UploadOptionsValidator(IOptions<StorageOptions> storage) : IValidateOptions<UploadOptions>
{
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, UploadOptions options)
    {
        var (key, age) = storage.Value.Kind == StorageOptions.S3Kind
            ? ("Storage:S3:AbandonedUploadAge", storage.Value.S3.AbandonedUploadAge)
            : ("Storage:AbandonedUploadAge", storage.Value.AbandonedUploadAge);
        return options.MaximumAge + Margin <= age
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Uploads:MaximumAge of {options.MaximumAge} needs {key} of at least {options.MaximumAge + Margin}, not {age}.");
    }
}
