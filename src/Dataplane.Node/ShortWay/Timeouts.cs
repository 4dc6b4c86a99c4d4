using System.Globalization;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Rules.ShortWay;

namespace Dataplane.Node.ShortWay;

/// <summary>The lifetimes of conntrack's entries in a namespace.</summary>
internal static class Timeouts
{
    private const string Prefix = "net/netfilter/nf_conntrack_";

    /// <exception cref="LinuxException">They cannot be read.</exception>
    public static Lifetimes Read(Netns netns) => Lifetimes.Of(
        KernelTicks.PerSecond, Seconds(netns, "tcp_timeout_established"),
        Seconds(netns, "udp_timeout"), Seconds(netns, "udp_timeout_stream"));

    private static uint Seconds(Netns netns, string name) =>
        Sysctl.Read(netns, Prefix + name) is { } text
            && uint.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value
            : throw new LinuxException($"read {Prefix}{name}", Errno.ENOENT);
}
