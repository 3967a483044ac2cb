using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Uploads;

/// <summary>Tus-Resumable and X-HTTP-Method-Override: "Core protocol, Headers".</summary>
public sealed class SpeakingTheVersion(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("0.2.2")]
    [InlineData("1.0.0,1.0.0")]
    public async Task Another_version_is_refused_and_ours_named(string? version)
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(8, cancellationToken: Cancellation);

        foreach (var request in new[] { Tus.Create(8), Tus.Head(id), Tus.Patch(id, 0, new byte[8]), Tus.Delete(id) })
        {
            request.Headers.Remove("Tus-Resumable");
            if (version is not null)
                request.Headers.TryAddWithoutValidation("Tus-Resumable", version);
            using var response = await guest.Send(request, Cancellation);

            Assert.Equal(412, (int)response.StatusCode);
            Assert.Equal("1.0.0", response.Header("Tus-Version"));
        }

        Assert.Equal(0, await guest.Offset(id, Cancellation));
    }

    [Fact]
    public async Task Every_answer_names_the_version_and_is_not_for_caches()
    {
        using var guest = await fixture.NewGuest();
        using var created = await guest.Send(Tus.Create(8), Cancellation);
        var id = created.UploadId();
        using var head = await guest.Send(Tus.Head(id), Cancellation);
        using var patched = await guest.Send(Tus.Patch(id, 0, new byte[4]), Cancellation);
        using var refused = await guest.Send(Tus.Patch(id, 0, new byte[4]), Cancellation);
        using var deleted = await guest.Send(Tus.Delete(id), Cancellation);

        Assert.All(new[] { created, head, patched, refused, deleted }, response =>
        {
            Assert.Equal("1.0.0", response.Header("Tus-Resumable"));
            Assert.True(response.Headers.CacheControl!.NoStore);
        });
    }

    [Fact]
    public async Task Also_answers_that_are_made_at_the_door_name_the_version()
    {
        using var nobody = fixture.Service.CreateClient();

        using var refused = await nobody.Send(Tus.Create(8), Cancellation);
        using var nowhere = await nobody.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/uploads/none"), Cancellation);

        Assert.Equal((401, "1.0.0"), ((int)refused.StatusCode, refused.Header("Tus-Resumable")));
        Assert.Equal((405, "1.0.0"), ((int)nowhere.StatusCode, nowhere.Header("Tus-Resumable")));
    }

    [Fact]
    public async Task The_method_can_be_named_in_a_header()
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(4, cancellationToken: Cancellation);
        var patch = Tus.Patch(id, 0, new byte[2]).With("X-HTTP-Method-Override", "PATCH");
        patch.Method = HttpMethod.Post;
        var delete = Tus.Delete(id).With("X-HTTP-Method-Override", "delete");
        delete.Method = HttpMethod.Post;

        using (var patched = await guest.Send(patch, Cancellation))
            Assert.Equal((204, 2L), ((int)patched.StatusCode, patched.UploadOffset()));
        using (var deleted = await guest.Send(delete, Cancellation))
            Assert.Equal(204, (int)deleted.StatusCode);

        using var gone = await guest.Send(Tus.Head(id), Cancellation);
        Assert.Equal(404, (int)gone.StatusCode);
    }

    [Fact]
    public async Task The_header_names_no_method_for_others_than_POST()
    {
        using var guest = await fixture.NewGuest();
        var id = await guest.Begin(4, cancellationToken: Cancellation);

        using var head = await guest.Send(Tus.Head(id).With("X-HTTP-Method-Override", "DELETE"), Cancellation);

        Assert.Equal(200, (int)head.StatusCode);
        Assert.Equal(0, await guest.Offset(id, Cancellation));
    }

    [Fact]
    public async Task The_header_names_no_method_elsewhere()
    {
        using var guest = await fixture.NewGuest();
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/me").With("X-HTTP-Method-Override", "DELETE");

        await guest.Send(request, Cancellation).Is(ErrorTable.MethodNotAllowed);
    }
}
