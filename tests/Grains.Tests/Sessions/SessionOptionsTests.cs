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
    [InlineData("SignIn:FirstDelay", "00:00:01", "01:00:00", "00:00:00.9999999", "01:00:00.0000001")]
    [InlineData("SignIn:MaximumDelay", "00:00:01", "1.00:00:00", "00:00:00.9999999", "1.00:00:00.0000001")]
    [InlineData("SignIn:ForgetAfter", "00:01:00", "30.00:00:00", "00:00:59.9999999", "30.00:00:00.0000001")]
    public void Validation_AtItsEdges_TakesThemAndNamesTheKeyBeyond(string key, string least, string most, string below, string above)
    {
        Assert.Null(Validate((key, least)));
        Assert.Null(Validate((key, most)));
        Assert.Contains(key, Validate((key, below)), StringComparison.Ordinal);
        Assert.Contains(key, Validate((key, above)), StringComparison.Ordinal);
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
