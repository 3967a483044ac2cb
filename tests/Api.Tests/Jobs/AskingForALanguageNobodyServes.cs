using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Jobs;

/// <summary>A service that has the built-in engine alone.</summary>
public sealed class AskingForALanguageNobodyServes(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ko")]
    [InlineData("auto")]
    public async Task Is_refused_by_name(string language)
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);

        await guest.Send(CaptionClient.SubmitRequest(new { videoId = video.Id, language }, "no-engine"), Cancellation).Is(ErrorTable.LanguageNotSupported);
    }
}
