using System.Globalization;

namespace Dataplane.Node.Diagnosis;

/// <summary>A capability of linux/capability.h.</summary>
/// <param name="Bit">Its number there, and its bit in CapEff of proc_pid_status(5).</param>
/// <param name="Purpose">What the node does with it.</param>
public sealed record NodeCapability(int Bit, string Name, string Purpose)
{
    public bool IsIn(ulong capabilities) => (capabilities >> Bit & 1) == 1;
}

/// <summary>
/// The capabilities of a process that runs a node: the one list that help, doctor, the service's unit and
/// deploy/README.md name.
/// </summary>
public static class NodeCapabilities
{
    /// <summary>Without one of these no node can be made.</summary>
    public static readonly IReadOnlyList<NodeCapability> Needed =
    [
        new(11, "CAP_NET_BROADCAST", "news of other namespaces (NETLINK_LISTEN_ALL_NSID)"),
        new(12, "CAP_NET_ADMIN", "links, routes, nf_tables, conntrack, /proc/sys/net"),
        new(13, "CAP_NET_RAW", "probes and captures"),
        new(21, "CAP_SYS_ADMIN", "network namespaces and their mounts, BPF programs"),
    ];

    /// <summary>For a socket that belongs to a group: --admin-group, --read-group.</summary>
    public static readonly NodeCapability ForGroups = new(0, "CAP_CHOWN", "a socket that belongs to a group");

    /// <summary>For the name server of pods, which gives them all up before it answers.</summary>
    public static readonly IReadOnlyList<NodeCapability> ForNames =
    [
        new(5, "CAP_KILL", "a name server that is not wanted any more"),
        new(6, "CAP_SETGID", "a name server without a group"),
        new(7, "CAP_SETUID", "a name server that is nobody's"),
        new(10, "CAP_NET_BIND_SERVICE", "a name server at port 53"),
    ];

    /// <summary><c>CAP_A, CAP_B and CAP_C</c>.</summary>
    public static string NeededText =>
        $"{string.Join(", ", Needed.SkipLast(1).Select(c => c.Name))} and {Needed[^1].Name}";

    /// <summary>CapEff of this process.</summary>
    public static ulong Effective()
    {
        const string Key = "CapEff:";
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal));
        return line is not null
            && ulong.TryParse(
                line.AsSpan(Key.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits)
            ? bits
            : 0;
    }

    /// <param name="effective">As in /proc/PID/status.</param>
    public static IReadOnlyList<NodeCapability> Missing(ulong effective) =>
        [.. Needed.Where(c => !c.IsIn(effective))];
}
