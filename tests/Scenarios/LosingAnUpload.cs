using AX2Caption.Testing;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios;

public sealed class LosingAnUpload(PostgresFixture postgres) : Scenario(postgres)
{
    protected override CaptionServiceSettings Settings => base.Settings with
    {
        Silo = new Dictionary<string, string>(base.Settings.Silo) { ["Videos__AbandonUploadsAfter"] = "00:00:01" },
    };

    [Fact]
    public async Task By_killing_the_Api_leaves_no_object_and_no_video()
    {
        using var client = Service.CreateClient();
        await client.BecomeGuest(Ct);
        await using var endless = new EndlessStream();
        var upload = client.Send(CaptionClient.UploadRequest(endless, "endless.mp4"), Ct);
        await endless.HasFlowed;

        await Service.KillApi();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => upload);
        await Service.StartApi(Ct);

        await Gone("select count(*) from video where state <> 'deleted' or object_key is not null");
        Assert.Empty((await client.Videos(cancellationToken: Ct)).Items);
        await BookIsInOrder();
    }

    [Fact]
    public async Task By_killing_the_Silo_while_it_is_examined_examines_it_again()
    {
        var path = NewPath("sample.mp4");
        await SampleSpeech.WriteVideo(path, cancellationToken: Ct);
        using var client = Service.CreateClient();
        await client.BecomeGuest(Ct);
        var video = await client.Upload(path, Ct);
        await Service.KillSilo();
        await Service.StartSilo(Ct);

        Assert.Equal("ready", (await client.WaitForProbe(video.Id, Ct)).State);
        await BookIsInOrder();
    }

    private async Task Gone(string count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while ((await Book.Query<long>(Service, count, limit.Token)).Single() > 0)
            await poll.WaitForNextTickAsync(limit.Token);
    }

    /// <summary>A body that goes on until its reader is gone; bounded, should nobody stop it.</summary>
    private sealed class EndlessStream : Stream
    {
        private const long Enough = 4 * 1024 * 1024;
        private const long Bound = 1024 * 1024 * 1024;

        private readonly TaskCompletionSource flowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long sent;

        public Task HasFlowed => flowed.Task;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => sent; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            sent += count;
            if (sent >= Enough)
                flowed.TrySetResult();
            return sent >= Bound ? 0 : count;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            sent += buffer.Length;
            if (sent >= Enough)
                flowed.TrySetResult();
            return sent >= Bound ? 0 : buffer.Length;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
