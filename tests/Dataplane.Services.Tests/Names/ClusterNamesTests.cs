using Dataplane.Policy.Model;
using Dataplane.Policy.Services;
using Dataplane.Services.Names;
using Dataplane.Testing.Generating;

namespace Dataplane.Services.Tests.Names;

/// <summary>The names of a cluster that changes are those of the cluster, whatever it was before.</summary>
public sealed class ClusterNamesTests
{
    private const int Cases = 150, Steps = 12;

    [Fact]
    public void Step_by_step_they_are_those_of_the_whole()
    {
        var headless = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new RandomServices(seed);
            var cluster = random.On(RandomCluster.Generate(seed, 8));
            var (names, told) = (new ClusterNames(), new HashSet<NameRecord>());
            for (var step = 0; step < Steps; step++)
            {
                var change = names.MoveTo(cluster);
                Assert.All(change.Removed, r => Assert.True(told.Remove(r), $"seed {seed}: {r} was not there"));
                Assert.All(change.Added, r => Assert.True(told.Add(r), $"seed {seed}: {r} was there already"));
                var expected = Whole(cluster);
                Assert.True(expected.SetEquals(told), $"seed {seed}, step {step}");
                Assert.True(expected.SetEquals(names.Records), $"seed {seed}, step {step}");
                headless += cluster.Services.Count(s => s.Object.IsHeadless);
                cluster = random.Changed(cluster);
            }
        }
        Assert.InRange(headless, Cases, int.MaxValue);
    }

    [Fact]
    public void What_stays_the_same_is_no_change()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var cluster = new RandomServices(seed).On(RandomCluster.Generate(seed, 8));
            var names = new ClusterNames();
            names.MoveTo(cluster);
            Assert.True(names.MoveTo(cluster with { }).IsEmpty);
        }
    }

    private static HashSet<NameRecord> Whole(Cluster cluster) =>
    [
        .. cluster.Services.SelectMany(s => ServiceRecords.Of(s, ServiceEndpoints.Of(cluster, s))),
        .. cluster.Pods.SelectMany(ServiceRecords.Of),
    ];
}
