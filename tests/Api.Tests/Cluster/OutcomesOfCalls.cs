using AX2Caption.Api.Cluster;
using AX2Caption.Grains.Abstractions;

namespace AX2Caption.Api.Tests.Cluster;

public sealed class OutcomesOfCalls
{
    public static TheoryData<Exception> Unknown =>
    [
        new TimeoutException(),
        new SiloUnavailableException("The silo is dead."),
        new ServiceUnavailableException("The database does not answer."),
        new OrleansException("Trying to register a grain on an invalid silo."),
    ];

    public static TheoryData<Exception> Answers =>
    [
        new InvalidOperationException("A fault in the code."),
        new DataRefusedException("The database refuses it for good."),
        new LimitExceededException("limit"),
        new OperationCanceledException(),
    ];

    [Theory, MemberData(nameof(Unknown), DisableDiscoveryEnumeration = true)]
    public void What_the_cluster_could_not_do_at_the_moment_is_asked_for_again(Exception exception) => Assert.True(ClusterCalls.IsOutcomeUnknown(exception));

    [Theory, MemberData(nameof(Answers), DisableDiscoveryEnumeration = true)]
    public void What_would_be_the_same_again_is_the_answer(Exception exception) => Assert.False(ClusterCalls.IsOutcomeUnknown(exception));
}
