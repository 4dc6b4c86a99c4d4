using System.Globalization;
using Dataplane.Node.Layout;

namespace Dataplane.Node.Diagnosis;

/// <summary>Checks settings of the whole machine that a namespace cannot have for itself.</summary>
internal static class Machine
{
    private const long FewConnections = 65_536;

    /// <summary>
    /// A pod address has at most 16,384 connections, each of which may want a neighbour of its own outside: room for
    /// four that do their worst. The entries for pods are permanent and do not count.
    /// </summary>
    private const long FewNeighbours = 65_536;

    public static IEnumerable<Finding> Check()
    {
        if (Number("/proc/sys/net/netfilter/nf_conntrack_max") is { } max)
        {
            yield return max >= FewConnections
                ? Finding.Ok($"conntrack: {max} entries for the whole machine")
                : Finding.Warning(
                    $"net.netfilter.nf_conntrack_max is {max}, for all namespaces together: a full "
                        + "table drops new connections",
                    $"sysctl -w net.netfilter.nf_conntrack_max={4 * FewConnections}");
        }
        foreach (var family in new[] { "ipv4", "ipv6" })
        {
            if (Number($"/proc/sys/net/{family}/neigh/default/gc_thresh3") is not { } neighbours) continue;
            yield return neighbours >= FewNeighbours
                ? Finding.Ok($"{family}: {neighbours} neighbours for the whole machine")
                : Finding.Warning(
                    $"net.{family}.neigh.default.gc_thresh3 is {neighbours}, for all namespaces together: on a host "
                        + "node a pod that sends to so many addresses beside the machine keeps others from finding new "
                        + "ones there",
                    $"sysctl -w net.{family}.neigh.default.gc_thresh3={FewNeighbours}");
        }
        yield return NodeCapacity.MaxOpenFiles() is { } files && files < NodeCapacity.FilesFor(NodeCapacity.MaxPods)
            ? Finding.Warning(
                $"{files} open files at most: enough for {NodeCapacity.PodsFor(files)} pods of "
                    + $"the {NodeCapacity.MaxPods} "
                    + "that a node takes",
                "LimitNOFILE=65536 in the service's unit, or ulimit -n 65536")
            : Finding.Ok($"open files: enough for {NodeCapacity.MaxPods} pods");
        if (Mount("/proc/sys") is { } options && options.Split(',').Contains("ro"))
            yield return Finding.Failed("/proc/sys is mounted read-only", "a container needs --privileged");
    }

    private static long? Number(string path) =>
        File.Exists(path) ? long.Parse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture) : null;

    /// <summary>The options of the mount at exactly this place (proc(5), /proc/self/mounts).</summary>
    private static string? Mount(string place) =>
        File.ReadLines("/proc/self/mounts").Select(l => l.Split(' ')).Where(f => f[1] == place).Select(f => f[3])
            .LastOrDefault();
}
