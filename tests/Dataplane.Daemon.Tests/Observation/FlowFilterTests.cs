using Dataplane.Node.Observation;

namespace Dataplane.Daemon.Tests.Observation;

public sealed class FlowFilterTests
{
    [Theory]
    [InlineData("shop/front", "ops/db", true)]
    [InlineData("ops/front", "shop/db", true)]
    [InlineData("ops/front", "192.0.2.1", false)]
    [InlineData("shopping/front", "shop2/db", false)]
    [InlineData("shop", null, false)]
    public void A_namespace_is_that_of_either_end(string from, string? to, bool taken)
    {
        var flow = new ObservedFlow(
            DateTimeOffset.UnixEpoch, FlowVerdict.Denied, from, to, "TCP", 1, 80, "IPv4", null, null, 1);
        Assert.Equal(taken, new FlowFilter(Namespace: "shop").Takes(flow));
        Assert.True(new FlowFilter(Namespace: "shop").Takes(flow with { Verdict = FlowVerdict.Lost }));
    }
}
