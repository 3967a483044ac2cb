namespace AX2Caption.Grains.Tests.Cluster;

/// <summary>A scenario on the cluster: it begins with an empty service, and at its end the auditor must find nothing.</summary>
public abstract class ClusterScenario(ServiceFixture service) : IAsyncLifetime
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected ServiceFixture Service { get; } = service;

    public async ValueTask InitializeAsync()
    {
        await Service.Clear();
        await Begin();
    }

    public virtual async ValueTask DisposeAsync()
    {
        Assert.Empty(await Service.Audit());
        GC.SuppressFinalize(this);
    }

    /// <summary>What the scenarios of a class have in common.</summary>
    protected virtual Task Begin() => Task.CompletedTask;
}
