using AX2Caption.Grains.Sessions;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Sessions;

public sealed class SessionOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var sessions = new SessionOptions();
        Assert.Equal((TimeSpan.FromDays(30), TimeSpan.FromDays(90)), (sessions.IdleLifetime, sessions.AbsoluteLifetime));
        Assert.Equal((TimeSpan.FromSeconds(30), 20), (sessions.ParentGrace, sessions.MaximumReplaysInRow));

        var signIn = new SignInOptions();
        Assert.Equal(5, signIn.FreeFailures);
        Assert.Equal(
            (TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15), TimeSpan.FromDays(1)), (signIn.FirstDelay, signIn.MaximumDelay, signIn.ForgetAfter));
    }

    [Theory]
    [InlineData("Sessions:IdleLifetime", "01:00:00", "400.00:00:00", "00:59:59.9999999", "400.00:00:00.0000001")]
    [InlineData("Sessions:AbsoluteLifetime", "01:00:00", "400.00:00:00", "00:59:59.9999999", "400.00:00:00.0000001")]
    [InlineData("Sessions:ParentGrace", "00:00:01", "00:01:00", "00:00:00.9999999", "00:01:00.0000001")]
    [InlineData("Sessions:MaximumReplaysInRow", "1", "1000", "0", "1001")]
    [InlineData("SignIn:FreeFailures", "1", "100", "0", "101")]
    public void Validation_AtItsEdges_TakesThemAndNamesTheKeyBeyond(string key, string least, string most, string below, string above)
    {
        Assert.Null(Validate((key, least)));
        Assert.Null(Validate((key, most)));
        Assert.Contains(key, Validate((key, below)), StringComparison.Ordinal);
        Assert.Contains(key, Validate((key, above)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SignIn:FirstDelay", "00:00:01", "01:00:00", "00:00:00.9999999", "01:00:00.0000001")]
    [InlineData("SignIn:MaximumDelay", "00:00:01", "1.00:00:00", "00:00:00.9999999", "1.00:00:00.0000001")]
    [InlineData("SignIn:ForgetAfter", "00:01:00", "30.00:00:00", "00:00:59.9999999", "30.00:00:00.0000001")]
    public void Validation_TimesThatFitEachOther_AreTakenAtTheirEdges(string key, string least, string most, string below, string above)
    {
        Assert.Null(Fitting(least, ("SignIn:FirstDelay", "00:00:01"), ("SignIn:MaximumDelay", "00:00:01"), ("SignIn:ForgetAfter", "00:01:00")));
        Assert.Null(Fitting(most, ("SignIn:FirstDelay", "00:00:01"), ("SignIn:MaximumDelay", "01:00:00"), ("SignIn:ForgetAfter", "30.00:00:00")));
        Assert.Contains(key, Validate((key, below)), StringComparison.Ordinal);
        Assert.Contains(key, Validate((key, above)), StringComparison.Ordinal);

        string? Fitting(string value, params (string Key, string Value)[] others) =>
            Validate([.. others.Where(other => other.Key != key), (key, value)]);
    }

    [Theory]
    [InlineData("00:00:02", "00:00:01", "1.00:00:00", "SignIn:MaximumDelay must not be shorter")]
    [InlineData("00:00:01", "00:15:00", "00:15:00", "SignIn:ForgetAfter must be longer")]
    [InlineData("00:00:01", "00:15:00", "00:15:00.0000001", null)]
    [InlineData("00:00:01", "00:00:01", "00:15:00", null)]
    public void Validation_TimesThatDoNotFitEachOther_AreNamed(string first, string maximum, string forget, string? named)
    {
        var message = Validate(("SignIn:FirstDelay", first), ("SignIn:MaximumDelay", maximum), ("SignIn:ForgetAfter", forget));

        if (named is null)
            Assert.Null(message);
        else
            Assert.Contains(named, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validation_SeveralBad_NamesThemAll()
    {
        var message = Validate(("Sessions:IdleLifetime", "00:00:00"), ("Sessions:MaximumReplaysInRow", "0"))!;

        Assert.Contains("Sessions:IdleLifetime", message, StringComparison.Ordinal);
        Assert.Contains("Sessions:MaximumReplaysInRow", message, StringComparison.Ordinal);
    }

    private static string? Validate(params (string, string)[] settings) => OptionsStartup.Validate(services => services.AddSessions(), settings);
}
