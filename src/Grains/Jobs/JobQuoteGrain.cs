using AX2Caption.Grains.Abstractions.Jobs;
using Orleans.Concurrency;

namespace AX2Caption.Grains.Jobs;

[StatelessWorker]
internal sealed class JobQuoteGrain : Grain, IJobQuoteGrain
{
    public Task<JobQuoteResult> Quote(SubmitJob command) => throw new NotImplementedException();
}
