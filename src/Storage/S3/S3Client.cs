using Amazon.Runtime;
using Amazon.S3;

namespace AX2Caption.Storage.S3;

/// <summary>Makes the SDK's client as it is configured.</summary>
internal static class S3Client
{
    public static AmazonS3Client Of(S3Options options, string endpoint)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.ForcePathStyle,
            RequestChecksumCalculation = S3Checksums.OfRequests(options.ChecksumMode),
            ResponseChecksumValidation = S3Checksums.OfResponses(options.ChecksumMode),
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = options.MaxRetries,
            // A connection that was cut counts as one that had been idle, and has a budget of its own.
            MaxStaleConnectionRetries = options.MaxRetries,
            ConnectTimeout = options.ConnectTimeout,
            Timeout = options.RequestTimeout,
        };
        if (endpoint.Length == 0)
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        }
        else
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = options.Region;
        }

        return options.AccessKey.Length == 0
            ? new AmazonS3Client(config)
            : new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, Secret(options)), config);
    }

    private static string Secret(S3Options options) =>
        options.SecretKeyPath.Length == 0 ? options.SecretKey : File.ReadAllText(options.SecretKeyPath).Trim();
}
