using System.ComponentModel.DataAnnotations;
using AX2Caption.Api.Limits;

namespace AX2Caption.Api.Tests.Limits;

public sealed class LimitOptionsTests
{
    [Fact]
    public void LimitOptions_AtTheirEdges_AreAccepted()
    {
        Assert.Empty(Failures(new LimitOptions
        {
            MaximumBodyBytes = 1024, MaximumHeaders = 16, MaximumHeaderBytes = 4096, MaximumRequestLineBytes = 1024, MaximumConnections = 1,
            HeaderTimeout = Seconds(1), KeepAliveTimeout = Seconds(1), MinimumBodyRate = 1, MinimumBodyRateGrace = Seconds(2), RequestTimeout = Seconds(1),
        }));
        Assert.Empty(Failures(new LimitOptions
        {
            MaximumBodyBytes = 16 << 20, MaximumHeaders = 1000, MaximumHeaderBytes = 512 << 10, MaximumRequestLineBytes = 64 << 10,
            MaximumConnections = 1_000_000, HeaderTimeout = Seconds(600), KeepAliveTimeout = Seconds(3600), MinimumBodyRate = 1 << 20,
            MinimumBodyRateGrace = Seconds(300), RequestTimeout = Seconds(3600),
        }));
    }

    [Fact]
    public void LimitOptions_BeyondTheirEdges_AreAllNamed()
    {
        var tooLittle = Failures(new LimitOptions
        {
            MaximumBodyBytes = 1023, MaximumHeaders = 15, MaximumHeaderBytes = 4095, MaximumRequestLineBytes = 1023, MaximumConnections = 0,
            HeaderTimeout = Seconds(0.9), KeepAliveTimeout = Seconds(0.9), MinimumBodyRate = 0.9, MinimumBodyRateGrace = Seconds(1.9),
            RequestTimeout = Seconds(0.9),
        });
        var tooMuch = Failures(new LimitOptions
        {
            MaximumBodyBytes = (16 << 20) + 1, MaximumHeaders = 1001, MaximumHeaderBytes = (512 << 10) + 1, MaximumRequestLineBytes = (64 << 10) + 1,
            MaximumConnections = 1_000_001, HeaderTimeout = Seconds(601), KeepAliveTimeout = Seconds(3601), MinimumBodyRate = (1 << 20) + 1,
            MinimumBodyRateGrace = Seconds(301), RequestTimeout = Seconds(3601),
        });

        string[] names =
        [
            "HeaderTimeout", "KeepAliveTimeout", "MaximumBodyBytes", "MaximumConnections", "MaximumHeaderBytes", "MaximumHeaders",
            "MaximumRequestLineBytes", "MinimumBodyRate", "MinimumBodyRateGrace", "RequestTimeout",
        ];
        Assert.Equal(names.Select(name => $"Limits:{name} must be between"), tooLittle);
        Assert.Equal(names.Select(name => $"Limits:{name} must be between"), tooMuch);
    }

    [Fact]
    public void RateLimitOptions_BeyondTheirEdges_AreAllNamed()
    {
        string[] names =
        [
            "GuestWindow", "GuestsPerAddress", "JobsPerAccount", "MailsPerAddress", "RequestsPerAccount", "RequestsPerAddress",
            "SignInsPerAddress", "UploadStartsPerAccount", "UploadStartsPerGuest", "UploadsPerAccount", "WebhookSendsPerAccount",
        ];
        Assert.Equal(
            names.Select(name => $"RateLimits:{name} must be between"),
            Failures(new RateLimitOptions
            {
                RequestsPerAddress = 0, RequestsPerAccount = 0, JobsPerAccount = 0, UploadStartsPerAccount = 0, UploadStartsPerGuest = 0,
                UploadsPerAccount = 0, SignInsPerAddress = 0, MailsPerAddress = 0, GuestsPerAddress = 0, GuestWindow = TimeSpan.Zero,
                WebhookSendsPerAccount = 0,
            }));
        Assert.Empty(Failures(new RateLimitOptions
        {
            RequestsPerAddress = 10_000_000, RequestsPerAccount = 10_000_000, JobsPerAccount = 1_000_000, UploadStartsPerAccount = 1_000_000,
            UploadStartsPerGuest = 1_000_000, UploadsPerAccount = 1000, SignInsPerAddress = 1_000_000, MailsPerAddress = 1_000_000, GuestsPerAddress = 1_000_000,
            GuestWindow = TimeSpan.FromDays(1), WebhookSendsPerAccount = 1_000_000,
        }));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>Each message up to the bounds that it names.</summary>
    private static List<string> Failures(object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        return [.. results.Select(result => result.ErrorMessage!).Select(message => message[..(message.IndexOf("between", StringComparison.Ordinal) + 7)]).Order(StringComparer.Ordinal)];
    }
}
