using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;
using Dataplane.Services.Names;

namespace Dataplane.Services.Tests.Names;

/// <summary>What a step of the names costs and yields. The rules of names themselves: Dns.Tests.</summary>
public sealed class NameTableTests
{
    private static readonly SourcePosition Nowhere = new("test.yaml", 1, 1);

    [Fact]
    public void An_endpoint_less_is_its_records_less()
    {
        var table = new NameTable();
        var db = Headless("db");
        table.Put(db, [Endpoint(1, "db-0"), Endpoint(2, null)]);
        Assert.Equal(8, table.Step().Added.Count);
        table.Put(db, [Endpoint(1, "db-0")]);
        var change = table.Step();
        Assert.Empty(change.Added);
        Assert.Equal(
            [
                "10-244-0-2.db.shop.svc.cluster.local A", "2.0.244.10.in-addr.arpa Ptr",
                "_sql._tcp.db.shop.svc.cluster.local Srv", "db.shop.svc.cluster.local A",
            ], change.Removed.Select(r => $"{r.Name} {r.Kind}").Order(StringComparer.Ordinal));
        Assert.True(table.Step().IsEmpty);
    }

    [Fact]
    public void What_is_replaced_by_the_same_is_no_change()
    {
        var table = new NameTable();
        table.Put(Headless("db"), [Endpoint(1, null)]);
        table.Step();
        table.Put(Headless("db"), [Endpoint(1, null), Endpoint(1, null)]);
        Assert.True(table.Step().IsEmpty);
    }

    [Fact]
    public void A_record_of_two_pods_stays_until_both_are_gone()
    {
        var (table, one, two) = (new NameTable(), Pod("one"), Pod("two"));
        table.Put(one);
        table.Put(two);
        Assert.Single(table.Step().Added);
        table.Remove(one);
        Assert.True(table.Step().IsEmpty);
        table.Remove(two);
        Assert.Single(table.Step().Removed);
        Assert.Empty(table.Records);
    }

    /// <summary>However it came about: the same Services have the same records, and the steps add up.</summary>
    [Fact]
    public void Steps_lead_where_the_whole_does()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var (table, there) = (new NameTable(), new HashSet<NameRecord>());
            var endpoints = new Dictionary<string, IReadOnlyList<ServiceEndpoint>>();
            for (var step = 0; step < 20; step++)
            {
                for (var n = random.Next(1, 4); n > 0; n--)
                {
                    var name = $"s{random.Next(4)}";
                    if (random.Next(3) == 0)
                    {
                        endpoints.Remove(name);
                        table.Remove($"shop/{name}");
                        continue;
                    }
                    endpoints[name] = [.. Enumerable.Range(0, random.Next(4))
                        .Select(_ => Endpoint(random.Next(5), random.Next(2) == 0 ? $"h{random.Next(3)}" : null))];
                    table.Put(Headless(name), endpoints[name]);
                }
                var change = table.Step();
                Assert.All(change.Removed, r => Assert.True(there.Remove(r)));
                Assert.All(change.Added, r => Assert.True(there.Add(r)));
                Assert.Equal(endpoints.SelectMany(e => ServiceRecords.Of(Headless(e.Key), e.Value)).ToHashSet(),
                    there);
            }
        }
    }

    private static PlacedService Headless(string name) => PlacedService.AsAsked(
        new ServiceObject("shop", name, new Dictionary<string, string>(), Nowhere)
        {
            IsHeadless = true, Families = [AddressFamily.InterNetwork],
            Ports = [new ServicePort("sql", TransportProtocol.Tcp, 5432, 5432, null, null, Nowhere)],
        });

    private static ServiceEndpoint Endpoint(int last, string? host) => new(new IPAddress([10, 244, 0, (byte)last]),
        [5432], IsReady: true, IsServing: true, IsTerminating: false, IsLocal: true, host, null, Pod("any").Pod);

    private static PodEndpoint Pod(string name) => new(
        new PodObject("shop", name, new Dictionary<string, string>(), [], true, [], Nowhere),
        IPAddress.Parse("10.244.0.1"), null);
}
