using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Jobs;

[Collection<MediaCluster>]
public sealed class LookingBeforeASubmission(ServiceFixture service) : ClusterScenario(service)
{
    [Fact]
    public async Task Those_that_look_at_the_same_moment_each_see_what_is_theirs()
    {
        var reader = Service.Service<SubmissionReader>();
        // Before there are any jobs: who examines a video takes what is next.
        var customers = new List<(Guid AccountId, Guid VideoId)>();
        for (var i = 0; i < 3; i++)
        {
            var accountId = await Service.NewGuest();
            customers.Add((accountId, await Service.ReadyVideo(accountId)));
        }

        var asked = new List<(Guid JobId, Guid AccountId, Guid VideoId, int Jobs)>();
        foreach (var (jobs, (accountId, videoId)) in customers.Index())
        {
            var known = Guid.CreateVersion7();
            for (var job = 0; job < jobs; job++)
            {
                known = Guid.CreateVersion7();
                Assert.IsType<SubmitJobResult.Accepted>(await Service.Job(known).Submit(new SubmitJob(accountId, videoId, "en", Profile: null)));
            }

            asked.Add((known, accountId, videoId, jobs));
            // The same video, and a job that nobody has submitted.
            asked.Add((Guid.CreateVersion7(), accountId, videoId, jobs));
            asked.Add((Guid.CreateVersion7(), accountId, Guid.CreateVersion7(), jobs));
        }

        var seen = await Task.WhenAll(asked.Select(one => reader.Look(one.JobId, one.AccountId, one.VideoId)));

        for (var i = 0; i < asked.Count; i++)
        {
            var isKnown = i % 3 == 0 && asked[i].Jobs > 0;
            Assert.Equal(isKnown ? asked[i].JobId : null, seen[i].Job?.JobId);
            Assert.Equal(asked[i].Jobs, seen[i].Live);
            Assert.Equal(i % 3 == 2 ? null : asked[i].VideoId, seen[i].Video?.VideoId);
        }
    }
}
