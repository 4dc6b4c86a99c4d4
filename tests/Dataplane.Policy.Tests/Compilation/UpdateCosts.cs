using System.Net;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;
namespace Dataplane.Policy.Tests.Compilation;

/// <summary>
/// What a change costs depends on the change: counted in entries and in bytes, in two clusters of which one is eight
/// times the other.
/// </summary>
public sealed class UpdateCosts
{
    private const int Small = 50, Large = 400;

    /// <summary>
    /// Namespaces of four pods, each with policies of its own, one of them about all namespaces of a team.
    /// </summary>
    private static Lab Namespaces(int count)
    {
        var lab = new Lab();
        for (var i = 0; i < count; i++)
        {
            lab.Namespace($"ns{i}", $"team=t{i}");
            for (var pod = 0; pod < 4; pod++) lab.Pod($"ns{i}/p{pod}", $"app=a{pod}");
            lab.Policy($"ns{i}/deny", "{}", ingress: []);
            lab.Policy($"ns{i}/web", "app=a0", ingress: [Rule.Of([Rule.Pods("app=a1")], ["TCP 80"]),
                Rule.Of([Rule.Namespaces($"team=t{(i + 1) % count}")], ["TCP 443"])]);
            lab.Policy($"ns{i}/out", "app=a2", egress: [Rule.Of([Rule.Block("0.0.0.0/0", "10.0.0.0/8")], ["TCP 443"])]);
        }
        return lab;
    }

    [Fact]
    public void Another_port_is_one_entry_for_another() => SameInBoth(cluster => cluster with
    {
        NetworkPolicies = Replace(cluster.NetworkPolicies, p => p.FullName == "ns7/web", p => p with
        {
            Ingress = [p.Ingress[0] with { Ports = [p.Ingress[0].Ports[0] with { Port = 81 }] }, p.Ingress[1]],
        }),
    }, entries: 2);

    [Fact]
    public void A_pod_with_known_labels_is_its_addresses() => SameInBoth(cluster =>
    {
        var like = cluster.Pods.First(p => p.Name == "ns7/p1").Pod;
        return cluster with
        {
            Pods = [.. cluster.Pods, new PodEndpoint(like with { Name = "p9" }, IPAddress.Parse("10.244.200.9"),
                IPAddress.Parse("fd00:10:244::ffff"))],
        };
    }, entries: 2);

    [Fact]
    public void A_pod_that_goes_is_its_addresses() =>
        SameInBoth(cluster => cluster with { Pods = [.. cluster.Pods.Where(p => p.Name != "ns7/p3")] }, entries: null);

    [Fact]
    public void Another_label_is_the_same_addresses_with_other_numbers() => SameInBoth(cluster => cluster with
    {
        Pods = Replace(cluster.Pods, p => p.Name == "ns7/p3", p => new PodEndpoint(
            p.Pod with { Labels = cluster.Pods.First(o => o.Name == "ns7/p1").Pod.Labels }, p.IPv4, p.IPv6)),
    }, entries: null);

    /// <param name="entries">Taken away and given, addresses among them; null: as many in both.</param>
    private static void SameInBoth(Func<Cluster, Cluster> change, int? entries)
    {
        var (small, large) = (Cost(Namespaces(Small).Cluster, change), Cost(Namespaces(Large).Cluster, change));
        Assert.Equal(small.Entries, large.Entries);
        if (entries is { } expected) Assert.Equal(expected, large.Entries);
        // Sets with room to grow in are copied now and then, hence not equal.
        Assert.InRange(large.Bytes, 1, 3 * small.Bytes);
    }

    private static (int Entries, long Bytes) Cost(Cluster cluster, Func<Cluster, Cluster> change)
    {
        // The way there and back first: what is made once is there.
        var (there, again) = (change(cluster), change(cluster));
        var compiler = new Compiler();
        compiler.Update(cluster);
        compiler.Update(there);
        compiler.Update(cluster);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var told = compiler.Update(again);
        return (Entries(told.Removed) + Entries(told.Added), GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int Entries(ClassTable table) =>
        table.Addresses.Count + table.Node.Count + Entries(table.Egress) + Entries(table.Ingress);

    private static int Entries(DirectionTable table) => table.Isolated.Count + table.Allowed.Count + table.Except.Count
        + table.Outside.Count + table.OutsideGroups.Count;

    private static List<T> Replace<T>(IReadOnlyList<T> list, Func<T, bool> which, Func<T, T> with) =>
        [.. list.Select(o => which(o) ? with(o) : o)];
}
