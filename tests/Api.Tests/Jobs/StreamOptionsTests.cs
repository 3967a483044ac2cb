using System.ComponentModel.DataAnnotations;
using AX2Caption.Api.Jobs;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class StreamOptionsTests
{
    [Fact]
    public void StreamOptions_Unconfigured_HaveTheDocumentedDefaults()
    {
        var options = new StreamOptions();

        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromHours(1)), (options.HeartbeatInterval, options.MaximumDuration));
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2)), (options.WriteTimeout, options.ReconnectAfter));
        Assert.Equal((20, 200), (options.PerAccount, options.PerAddress));
    }

    [Fact]
    public void StreamOptions_AtTheirEdges_AreAccepted()
    {
        Assert.Empty(Failures(Of(0.1, 1, 1, 0.1, 1, 1)));
        Assert.Empty(Failures(Of(60, 86_400, 60, 60, 10_000, 100_000)));
    }

    [Fact]
    public void StreamOptions_BeyondTheirEdges_AreAllNamed()
    {
        string[] names = ["HeartbeatInterval", "MaximumDuration", "PerAccount", "PerAddress", "ReconnectAfter", "WriteTimeout"];

        Assert.Equal(names, Failures(Of(0.09, 0.9, 0.9, 0.09, 0, 0)));
        Assert.Equal(names, Failures(Of(60.1, 86_401, 60.1, 60.1, 10_001, 100_001)));
    }

    private static StreamOptions Of(double heartbeat, double duration, double write, double reconnect, int account, int address) => new()
    {
        HeartbeatInterval = TimeSpan.FromSeconds(heartbeat),
        MaximumDuration = TimeSpan.FromSeconds(duration),
        WriteTimeout = TimeSpan.FromSeconds(write),
        ReconnectAfter = TimeSpan.FromSeconds(reconnect),
        PerAccount = account,
        PerAddress = address,
    };

    private static List<string> Failures(StreamOptions options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        Assert.All(results, result => Assert.StartsWith($"Streams:{result.MemberNames.Single()} must be between", result.ErrorMessage, StringComparison.Ordinal));
        return [.. results.SelectMany(result => result.MemberNames).Order(StringComparer.Ordinal)];
    }
}
