using System.Text.RegularExpressions;
using Dataplane.Api;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
namespace Dataplane.Integration.Chaos;

/// <summary>What a node may have left behind, and whether its tables are what it says.</summary>
internal static partial class Leaks
{
    /// <summary>Namespaces, links, routes, neighbours and files: exactly those of the pods that there are.</summary>
    public static void AssertNone(DaemonProcess daemon)
    {
        var pods = daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.Where(p => !p.HostNetwork).ToList();
        Assert.Equal(
            pods.Select(p => p.Netns!).Append(daemon.NodeName).Order(StringComparer.Ordinal),
            NodeNames.Of(daemon.NodeName));

        using var node = Netns.Open(daemon.NodeName);
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, node);
        // The stranger's port, which is the negative control of every verification, is a port too.
        var ports = Links.Dump(route).Where(l => l.Kind == "veth").Select(l => l.Name).ToList();
        Assert.Equal(pods.Count + 1, ports.Count);
        Assert.Empty(pods.Select(p => p.Port!).Except(ports));

        var addresses = pods.SelectMany(p => new[] { p.IPv4, p.IPv6 }).OfType<string>().ToHashSet();
        var routes = Routes.Dump(route).Where(r => r.Table == 244)
            .Select(r => r.Destination.BaseAddress.ToString()).ToHashSet();
        Assert.DoesNotContain(routes.Except(addresses), a => !Stranger(a));
        Assert.Empty(addresses.Except(routes));
        var neighbours = Neighbours.Dump(route).Where(n => n.Permanent).Select(n => n.Address.ToString()).ToHashSet();
        Assert.Empty(addresses.Except(neighbours));
        Assert.DoesNotContain(neighbours.Except(addresses), a => !Stranger(a) && !IsSink(a));

        Assert.DoesNotContain(Directory.GetFiles(daemon.StateDirectory, "*", SearchOption.AllDirectories),
            f => f.Contains(".tmp", StringComparison.Ordinal) || f.Contains("corrupt", StringComparison.Ordinal));
    }

    /// <summary>
    /// The kernel's tables list as those that the daemon prints do when nft loads them into a namespace of their own.
    /// </summary>
    public static void AssertKernelIsCompiled(DaemonProcess daemon, string when)
    {
        using var scratch = TestNetns.Create();
        scratch.Exec("nft", "-f -", daemon.Rules());
        var (expected, found) = (List(scratch.Name), List(daemon.NodeName));
        var at = expected.Zip(found).TakeWhile(l => l.First == l.Second).Count();
        Assert.True(expected.SequenceEqual(found),
            $"{when}: from line {at + 1} on the kernel has\n{string.Join('\n', found.Skip(at).Take(20))}\n"
                + $"but should have\n{string.Join('\n', expected.Skip(at).Take(20))}");
    }

    /// <summary>
    /// Without counters, owner, and the sets that packets fill. Where links exist, nft lists their names instead of
    /// their indexes.
    /// </summary>
    private static List<string> List(string netns)
    {
        var listing = InNetns.Exec(netns, "nft", "-s list ruleset");
        using var opened = Netns.Open(netns);
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, opened);
        foreach (var link in Links.Dump(route))
        {
            listing = listing.Replace($"\"{link.Name}\" . ", $"{link.Index} . ", StringComparison.Ordinal);
        }
        return [.. OwnerFlags().Replace(Remarks().Replace(Dynamic().Replace(listing, ""), ""), "")
            .Split('\n').Where(line => line.Trim().Length > 0)];
    }

    [GeneratedRegex(@"\tset \w+ \{[^}]*flags dynamic[^}]*(\{[^}]*\}[^}]*)*\n\t\}\n", RegexOptions.Singleline)]
    private static partial Regex Dynamic();

    [GeneratedRegex(@" *# progname.*$", RegexOptions.Multiline)]
    private static partial Regex Remarks();

    [GeneratedRegex(@"^\tflags (owner)?,?(persist)?\n", RegexOptions.Multiline)]
    private static partial Regex OwnerFlags();

    /// <summary>From the ranges for documentation, see the stranger's addresses.</summary>
    private static bool Stranger(string address) => address.StartsWith("203.0.113.", StringComparison.Ordinal)
        || address.StartsWith("2001:db8:", StringComparison.Ordinal);

    private static bool IsSink(string address) => address is "169.254.244.254" or "fe80::fe";
}
