using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Uploads;

/// <summary>POST: the extension "Creation".</summary>
public sealed class CreatingAnUpload(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_with_where_it_is_and_makes_its_video()
    {
        using var guest = await fixture.NewGuest();

        using var response = await guest.Send(Tus.Create(1000, "강의 1.mp4"), Cancellation);

        Assert.Equal(201, (int)response.StatusCode);
        var id = response.UploadId();
        Assert.Equal($"/v1/uploads/{id}", response.Headers.Location!.OriginalString);
        Assert.NotNull(response.Header("Upload-Expires"));
        Assert.Equal(0, await guest.Offset(id, Cancellation));
        var video = await guest.Video(id, Cancellation);
        Assert.Equal(("uploading", "강의 1.mp4"), (video.State, video.FileName));
    }

    [Theory]
    [InlineData("Upload-Length", null)]
    [InlineData("Upload-Length", "")]
    [InlineData("Upload-Length", "-1")]
    [InlineData("Upload-Length", "+1")]
    [InlineData("Upload-Length", "1.0")]
    [InlineData("Upload-Length", "0x10")]
    [InlineData("Upload-Metadata", "filename not-base64!")]
    [InlineData("Upload-Metadata", "filename dmlkZW8=,filename dmlkZW8=")]
    [InlineData("Upload-Metadata", "file name dmlkZW8=")]
    [InlineData("Upload-Metadata", " ,")]
    [InlineData("Upload-Defer-Length", "1")]
    [InlineData("Upload-Concat", "partial")]
    public async Task A_header_that_is_not_as_the_protocol_says_is_refused_by_name(string header, string? value)
    {
        using var guest = await fixture.NewGuest();
        var traces = Traces.Before(fixture, guest);
        var request = Tus.Create(8);
        request.Headers.Remove(header);
        if (value is not null)
            request.Headers.TryAddWithoutValidation(header, value);

        var problem = await guest.Send(request, Cancellation).Is(ErrorTable.InvalidRequest);

        Assert.Equal(header, problem.Members["errors"][0].GetProperty("field").GetString());
        await traces.AreNone();
    }

    [Fact]
    public async Task A_file_without_bytes_is_refused()
    {
        using var guest = await fixture.NewGuest();

        await guest.Send(Tus.Create(0), Cancellation).Is(ErrorTable.FileEmpty);
    }

    [Fact]
    public async Task A_file_may_be_as_large_as_the_limit_and_no_larger()
    {
        using var guest = await fixture.NewGuest();

        await guest.Begin(ServiceFixture.MaximumBytes, cancellationToken: Cancellation);
        var problem = await guest.Send(Tus.Create(ServiceFixture.MaximumBytes + 1), Cancellation).Is(ErrorTable.UploadTooLarge);

        Assert.Equal(ServiceFixture.MaximumBytes, problem.Members["maximumBytes"].GetInt64());
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999999999999999")]
    public async Task A_length_that_no_file_can_have_is_too_large_like_any_other(string length)
    {
        using var guest = await fixture.NewGuest();
        var request = Tus.Create(8);
        request.Headers.Remove("Upload-Length");

        var problem = await guest.Send(request.With("Upload-Length", length), Cancellation).Is(ErrorTable.UploadTooLarge);

        Assert.Equal(ServiceFixture.MaximumBytes, problem.Members["maximumBytes"].GetInt64());
    }

    [Fact]
    public async Task Metadata_that_has_a_name_twice_is_refused_with_the_name()
    {
        using var guest = await fixture.NewGuest();
        var twice = new string('n', 200);

        var problem = await guest.Send(Tus.Create(8).With("Upload-Metadata", "filename dmlkZW8=,kind dmlkZW8=,kind"), Cancellation).Is(ErrorTable.InvalidRequest);
        var cut = await guest.Send(Tus.Create(8).With("Upload-Metadata", $"{twice},{twice}"), Cancellation).Is(ErrorTable.InvalidRequest);

        Assert.Equal("must have each name once; 'kind' is there twice.", problem.Members["errors"][0].GetProperty("message").GetString());
        Assert.Equal($"must have each name once; '{twice[..100]}' is there twice.", cut.Members["errors"][0].GetProperty("message").GetString());
    }

    [Fact]
    public async Task Metadata_may_be_as_long_as_the_limit_and_no_longer()
    {
        using var guest = await fixture.NewGuest();
        var longest = "k " + new string('A', 4092);
        Assert.Equal(4094, longest.Length);

        using (var response = await guest.Send(Tus.Create(8).With("Upload-Metadata", "kk" + longest), Cancellation))
            Assert.Equal(201, (int)response.StatusCode);
        await guest.Send(Tus.Create(8).With("Upload-Metadata", "kkk" + longest), Cancellation).Is(ErrorTable.InvalidRequest);
    }

    [Theory]
    [InlineData("name dGFsay5tcDQ=", "talk.mp4")]
    [InlineData("filetype dmlkZW8vbXA0,filename dGFsay5tcDQ=", "talk.mp4")]
    [InlineData("filename Li4vLi4vdGFsay5tcDQ=", "talk.mp4")]
    [InlineData("is_confidential", "video")]
    [InlineData("filename", "video")]
    public async Task The_file_is_named_by_its_metadata(string metadata, string fileName)
    {
        using var guest = await fixture.NewGuest();

        using var response = await guest.Send(Tus.Create(8).With("Upload-Metadata", metadata), Cancellation);

        Assert.Equal(fileName, (await guest.Video(response.UploadId(), Cancellation)).FileName);
        using var head = await guest.Send(Tus.Head(response.UploadId()), Cancellation);
        Assert.Equal(metadata, head.Header("Upload-Metadata"));
    }

    [Fact]
    public async Task Others_do_not_see_it()
    {
        using var guest = await fixture.NewGuest();
        using var stranger = await fixture.NewGuest();
        var id = await guest.Begin(8, cancellationToken: Cancellation);

        await stranger.Send(Tus.Patch(id, 0, new byte[8]), Cancellation).Is(ErrorTable.UploadNotFound);
        await stranger.Send(Tus.Delete(id), Cancellation).Is(ErrorTable.UploadNotFound);
        using var head = await stranger.Send(Tus.Head(id), Cancellation);
        Assert.Equal(404, (int)head.StatusCode);

        Assert.Equal(0, await guest.Offset(id, Cancellation));
    }
}
