using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Services;

namespace Dataplane.Policy.Tests.Services;

/// <summary>What is found by labels and addresses is what a look at every pod finds, in the same order.</summary>
public sealed class EndpointFinderTests
{
    private const int Cases = 200;

    [Fact]
    public void Finds_what_a_look_at_every_pod_finds()
    {
        var listed = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            var cluster = new RandomServices(seed).On(RandomCluster.Generate(seed, 8));
            var finder = new EndpointFinder(cluster);
            foreach (var service in cluster.Services)
            {
                var expected = ServiceEndpoints.Of(cluster, service);
                Assert.Equal(expected.Select(Text), finder.Of(service).Select(Text));
                listed += expected.Count(e => e is { Pod: not null, Origin: not PodObject });
            }
        }
        // Addresses that objects list and pods have are among them.
        Assert.InRange(listed, Cases / 10, int.MaxValue);
    }

    private static string Text(ServiceEndpoint endpoint) =>
        $"{endpoint.Address} {string.Join('/', endpoint.Ports)} {endpoint.IsReady} {endpoint.IsServing} "
            + $"{endpoint.IsTerminating} {endpoint.IsLocal} {endpoint.HostName} {endpoint.Pod?.Name} "
            + endpoint.Origin.FullName;
}
