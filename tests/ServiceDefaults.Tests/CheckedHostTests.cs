using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.ServiceDefaults.Tests;

public sealed class CheckedHostTests
{
    private const string Refusal = "The sample cannot start with these settings:\n";

    [Fact]
    public async Task Settings_ThatAreRight_MakeAHost()
    {
        var (app, errors) = await Build(("Sample:Count", "5"), ("Other:Wait", "00:00:05"), ("Other:IsOn", "true"));

        await using (app)
            Assert.NotNull(app);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Settings_ThatAreWrong_AreAllNamedALineForEach()
    {
        var (app, errors) = await Build(("Sample:Count", "6"), ("Sample:Share", "2"), ("Other:Wait", "soon"));

        Assert.Null(app);
        Assert.Equal(
            $"""
            {Refusal}  Sample:Count must be between 1 and 5.
              Sample:Share must be between 0 and 1.
              Other:Wait must be a duration as d.hh:mm:ss, such as 00:30:00 or 7.00:00:00, not 'soon'.

            """,
            errors);
    }

    [Fact]
    public async Task ValuesOfASection_ThatDoNotParse_AreAllNamedWithThoseThatAreWrong()
    {
        var (app, errors) = await Build(
            ("Sample:Count", "many"), ("sample:share", "half"), ("Sample:Inner:Least", "little"), ("Sample:Day", "Someday"), ("Sample:Bytes", "-1"));

        Assert.Null(app);
        Assert.Equal(
            [
                "Sample:Bytes must be 0 or more.", "Sample:Count must be a whole number, not 'many'.", "Sample:Day must be a DayOfWeek, not 'Someday'.",
                "Sample:Inner:Least must be a whole number, not 'little'.", "Sample:Share must be a number, not 'half'.",
            ],
            errors[Refusal.Length..].TrimEnd().Split('\n').Select(line => line.Trim()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Other:Wait", "24h", "a duration as d.hh:mm:ss, such as 00:30:00 or 7.00:00:00")]
    [InlineData("Other:IsOn", "yes", "true or false")]
    [InlineData("Sample:Count", "many", "a whole number")]
    [InlineData("Sample:Bytes", "5 MiB", "a whole number")]
    [InlineData("Sample:Share", "half", "a number")]
    [InlineData("Sample:Day", "Someday", "a DayOfWeek")]
    public async Task AValue_ThatDoesNotParse_IsNamedByItsKey(string key, string value, string kind)
    {
        var (app, errors) = await Build((key, value));

        Assert.Null(app);
        Assert.Equal($"{Refusal}  {key} must be {kind}, not '{value}'.\n", errors);
    }

    [Theory]
    [InlineData("shutdownTimeoutSeconds", "long", "shutdownTimeoutSeconds must be a whole number, not 'long'.")]
    [InlineData("Logging:ConsoleLevel", "Loud", "Logging:ConsoleLevel must be a LogLevel, not 'Loud'.")]
    [InlineData("Logging:FileSizeLimit", "0", "Logging:FileSizeLimit must be at least 1024 bytes.")]
    public async Task ASetting_ThatIsReadWhileTheHostIsBuilt_IsNamedToo(string key, string value, string line)
    {
        var (app, errors) = await Build((key, value));

        Assert.Null(app);
        Assert.Equal($"{Refusal}  {line}\n", errors);
    }

    [Fact]
    public async Task AFaultOfAnotherKind_IsNotTakenForABadSetting() =>
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => CheckedHost.Build("sample", () => throw new InvalidOperationException("Something else."), TextWriter.Null));

    private static async Task<(WebApplication? App, string Errors)> Build(params (string Key, string Value)[] settings)
    {
        using var errors = new StringWriter { NewLine = "\n" };
        var app = await CheckedHost.Build(
            "sample",
            () =>
            {
                var builder = WebApplication.CreateSlimBuilder();
                builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
                builder.AddServiceDefaults("sample");
                builder.Services.AddOptions<SampleOptions>().BindConfiguration("Sample").ValidateDataAnnotations().ValidateOnStart();
                builder.Services.AddOptions<OtherOptions>().BindConfiguration("Other").ValidateDataAnnotations().ValidateOnStart();
                return builder.Build();
            },
            errors);
        return (app, errors.ToString());
    }

    private sealed class SampleOptions
    {
        [Range(1, 5, ErrorMessage = "Sample:Count must be between 1 and 5.")]
        public int Count { get; set; } = 1;

        [Range(0d, 1d, ErrorMessage = "Sample:Share must be between 0 and 1.")]
        public double Share { get; set; }

        [Range(0L, long.MaxValue, ErrorMessage = "Sample:Bytes must be 0 or more.")]
        public long Bytes { get; set; }

        public DayOfWeek Day { get; set; }

        public InnerOptions Inner { get; set; } = new();
    }

    private sealed class InnerOptions
    {
        public int Least { get; set; }
    }

    private sealed class OtherOptions
    {
        public TimeSpan Wait { get; set; }

        public bool IsOn { get; set; }
    }
}
