using System.Net;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;
using Dataplane.Services.Compilation;
using Dataplane.Services.Tables;
using Dataplane.Testing.Generating;

namespace Dataplane.Services.Tests.Compilation;

/// <summary>The compiled table, reached at once or in steps, is what the oracle says.</summary>
public sealed class CompilerProperties
{
    private const int Cases = 150, Steps = 8, PacketsOfCase = 100;

    [Fact]
    public void A_walk_through_the_table_ends_where_the_oracle_says() => ForAll((cluster, _, seed) =>
        AsTheOracle(cluster, ServiceCompiler.Compile(cluster), seed));

    [Fact]
    public void Step_by_step_is_as_from_scratch() => ForAll((start, random, seed) =>
    {
        var (compiler, told, cluster) = (new ServiceCompiler(), new ToldTable(), start);
        for (var step = 0; step < Steps; step++)
        {
            told.Apply(compiler.Update(cluster));
            var table = compiler.Table;
            told.MustBe(table);
            Assert.Equal(Meaning(ServiceCompiler.Compile(cluster)), Meaning(table));
            AsTheOracle(cluster, table, seed);
            cluster = random.Changed(cluster);
        }
    });

    [Fact]
    public void And_when_everything_goes_nothing_is_left() => ForAll((cluster, _, _) =>
    {
        var compiler = new ServiceCompiler();
        compiler.Update(cluster);
        compiler.Update(cluster with { Services = [], Pods = [] });
        Assert.Empty(ToldTable.Items(compiler.Table));
    });

    [Fact]
    public void Objects_that_are_read_again_and_say_the_same_change_nothing() => ForAll((cluster, _, _) =>
    {
        var compiler = new ServiceCompiler();
        compiler.Update(cluster);
        var change = compiler.Update(cluster with
        {
            Pods = [.. cluster.Pods.Select(p => new PodEndpoint(p.Pod with { }, p.IPv4, p.IPv6))],
            Services = [.. cluster.Services.Select(s => s with { Object = s.Object with { } })],
            Endpoints = [.. cluster.Endpoints.Select(e => e with { })],
        });
        Assert.Empty(ToldTable.Items(change.Removed));
        Assert.Empty(ToldTable.Items(change.Added));
    });

    [Fact]
    public void Who_goes_on_with_the_kernels_numbers_gives_everything_its_own() => ForAll((start, random, _) =>
    {
        var (compiler, cluster) = (new ServiceCompiler(), start);
        compiler.Update(cluster);
        for (var step = 0; step < Steps; step++) compiler.Update(cluster = random.Changed(cluster));
        var known = compiler.Table;
        var earlier = new ServiceNumbers(known.Frontends.ToDictionary(f => f.Frontend, f => f.Pool),
            known.Backends.ToDictionary(b => new IPEndPoint(b.Address, b.Port), b => b.Number));
        var next = new ServiceCompiler(earlier);
        next.Update(cluster);
        Assert.Equal(known.Frontends, next.Table.Frontends);
        Assert.Equal(known.Backends, next.Table.Backends);
        // What is new has a number that nothing had.
        next.Update(cluster with { Services = [], Pods = [] });
        next.Update(cluster);
        Assert.Empty(next.Table.Backends.Select(b => b.Number).Intersect(known.Backends.Select(b => b.Number)));
    });

    [Fact]
    public void What_stays_keeps_its_number() => ForAll((start, random, _) =>
    {
        var (compiler, cluster) = (new ServiceCompiler(), start);
        compiler.Update(cluster);
        var before = compiler.Table;
        for (var step = 0; step < Steps; step++)
        {
            cluster = random.Changed(cluster);
            compiler.Update(cluster);
            var after = compiler.Table;
            foreach (var (was, now) in before.Backends.Join(after.Backends, b => (b.Address, b.Port),
                b => (b.Address, b.Port), (was, now) => (was, now)))
            {
                Assert.Equal(was.Number, now.Number);
            }
            // A number that was another backend's before would send those who are bound to it astray.
            Assert.All(before.Backends.Join(after.Backends, b => b.Number, b => b.Number, (was, now) => (was, now)),
                pair => Assert.Equal(pair.was, pair.now));
            before = after;
        }
    });

    [Fact]
    public void Every_answer_is_common_in_random_clusters()
    {
        var fates = new Dictionary<ServiceFate, int>();
        ForAll((cluster, _, seed) =>
        {
            foreach (var (source, destination, probe) in Packets(cluster, seed))
            {
                var fate = ServiceOracle.Ask(cluster, source, destination, probe).Fate;
                fates[fate] = fates.GetValueOrDefault(fate) + 1;
            }
        });
        Assert.All(Enum.GetValues<ServiceFate>(),
            fate => Assert.InRange(fates.GetValueOrDefault(fate), fates.Values.Sum() / 100, fates.Values.Sum()));
    }

    private static void AsTheOracle(Cluster cluster, ServiceTable table, int seed)
    {
        var walk = new TableWalk(table, cluster.Node);
        foreach (var (source, destination, probe) in Packets(cluster, seed))
        {
            var expected = TableWalk.Text(ServiceOracle.Ask(cluster, source, destination, probe));
            var walked = walk.Ask(source, destination, probe);
            Assert.True(expected == walked,
                $"seed {seed}: {source.Name} to {destination} {probe}: the oracle {expected}, the table {walked}");
        }
    }

    /// <summary>Some of all packets, most of them to frontends: the oracle is slow.</summary>
    private static IEnumerable<(Endpoint Source, IPAddress Destination, Probe Probe)> Packets(Cluster cluster, int seed)
    {
        var random = new Random(seed);
        IReadOnlyList<Endpoint> sources = [.. cluster.Pods, cluster.Node, .. RandomCluster.Externals];
        List<(IPAddress Address, Probe Probe)> frontends =
        [
            .. cluster.Services.SelectMany(s => ServiceFrontend.Of(cluster, s)).Select(f => (f.Address, f.Probe)),
            .. HostPortFrontend.Of(cluster).Select(f => (f.Address, f.Probe)),
        ];
        for (var i = 0; i < PacketsOfCase; i++)
        {
            var source = sources[random.Next(sources.Count)];
            var destination = RandomServices.Destinations[random.Next(RandomServices.Destinations.Count)];
            var probe = RandomServices.Probes[random.Next(RandomServices.Probes.Count)];
            if (frontends.Count > 0 && random.Next(4) > 0)
            {
                (destination, probe) = frontends[random.Next(frontends.Count)];
            }
            if (source.AddressIn(destination.AddressFamily) is not null) yield return (source, destination, probe);
        }
    }

    /// <summary>The entries with what their numbers stand for in place of the numbers.</summary>
    private static IEnumerable<string> Meaning(ServiceTable table)
    {
        var backends = table.Backends.ToDictionary(b => b.Number, b => $"{b.Address}#{b.Port}");
        var slots = table.Slots.ToLookup(s => s.Pool, s => backends[s.Backend]);
        var sources = table.Sources.ToLookup(s => s.Pool, s => $"{s.Network}");
        var pools = table.Pools.ToDictionary(p => p.Number, p => $"{p with { Number = default }} "
            + $"{string.Join(' ', slots[p.Number].Order())} {string.Join(' ', sources[p.Number].Order())}");
        return table.Frontends.Select(f => $"{f.Frontend} {pools[f.Pool]}").Concat(pools.Values.Order())
            .Concat(table.Refused.Select(a => $"{a}"));
    }

    private static void ForAll(Action<Cluster, RandomServices, int> holds)
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new RandomServices(seed);
            holds(random.On(RandomCluster.Generate(seed, 6)), random, seed);
        }
    }
}
