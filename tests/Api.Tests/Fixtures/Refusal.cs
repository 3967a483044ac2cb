using AX2Caption.Api.Errors;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>What must be true of every error the API answers with.</summary>
internal static class Refusal
{
    public static async Task<ClientProblem> Is(this Task<HttpResponseMessage> answer, Error error)
    {
        using var response = await answer;
        var problem = await CaptionClient.Problem(response, TestContext.Current.CancellationToken);
        Assert.Equal((error.Status, error.Code), ((int)response.StatusCode, problem.Code));
        Assert.Equal(error.Status, problem.Status);
        Assert.Equal(error.Title, problem.Title);
        Assert.Equal($"urn:ax2caption:error:{error.Code}", problem.Type);
        Assert.NotEmpty(problem.Detail);
        Assert.Equal(Assert.Single(response.Headers.GetValues("X-Request-Id")), problem.RequestId);
        Assert.False(response.Headers.Contains("Server"));
        return problem;
    }
}
