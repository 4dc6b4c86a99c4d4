using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nflog;
using Dataplane.Linux.Nftables;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Guard;
using Short = Dataplane.Node.ShortWay.ShortWay;
namespace Dataplane.Node.Diagnosis;

/// <summary>Tries the kernel features that a node needs, in a temporary namespace.</summary>
internal static class KernelFeatures
{
    public static IEnumerable<Finding> Check()
    {
        var release = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        using var netns = Netns.CreateAnonymous();
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        using var filter = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns);
        List<Finding> findings = [];
        Try("bridge with isolated ports, veth", "modprobe bridge veth (CONFIG_BRIDGE, CONFIG_VETH)", () =>
        {
            using var far = Netns.CreateAnonymous();
            var (bridge, port) = (new InterfaceIndex(100), new InterfaceIndex(101));
            route.Commit("make a bridge with an isolated port", batch =>
            {
                Links.AddBridge(batch,
                    new BridgeRequest("probe0", MacAddress.Parse("02:00:00:00:00:01"), bridge, Up: true));
                Links.AddVeth(batch, new VethRequest("probe1", "eth0", far) { Index = port, Master = bridge });
                Links.SetBridgePort(batch, port, BridgePortFlags.RoutedPod, up: true);
            });
        });
        Try("nf_tables for inet", "modprobe nf_tables (CONFIG_NF_TABLES, CONFIG_NF_TABLES_INET)", () =>
            Table(filter, NftFamily.Inet, NftTableFlags.None));
        Try("nf_tables for bridge", "modprobe nf_tables (CONFIG_NF_TABLES_BRIDGE)", () =>
            Table(filter, NftFamily.Bridge, NftTableFlags.None));
        Try("conntrack over netlink", "modprobe nf_conntrack_netlink (CONFIG_NF_CT_NETLINK)", () =>
            ConntrackTable.Dump(filter));
        Try("nflog", "modprobe nfnetlink_log (CONFIG_NETFILTER_NETLINK_LOG)", () =>
            NflogReader.Open(netns, 5).Dispose());
        try
        {
            Table(filter, NftFamily.Inet, NftTableFlags.Owner | NftTableFlags.Persist, "owned");
            findings.Add(Finding.Ok("tables with an owner: other programs cannot flush ours"));
        }
        catch (LinuxException)
        {
            findings.Add(Finding.Warning(
                "no tables with an owner: another program's `nft flush ruleset` removes ours; "
                    + "all traffic stops until the daemon has repaired it, within a second",
                "Linux 6.9 or later"));
        }
        using var guard = PortGuard.Load(isWanted: true, isShared: true, Short.Make("nobody asks"));
        findings.Add(GuardFinding(guard.WhyNot));
        return findings.Count(f => f.Severity == FindingSeverity.Ok) == findings.Count
            ? [Finding.Ok($"kernel {release}: {string.Join(", ", findings.Select(f => f.What))}")]
            : [Finding.Ok($"kernel {release}"), .. findings];

        void Try(string what, string fix, Action action)
        {
            try
            {
                action();
                findings.Add(Finding.Ok(what));
            }
            catch (LinuxException e)
            {
                findings.Add(Finding.Failed($"{what}: {e.Message}", fix));
            }
        }
    }

    /// <param name="whyNot">Why there is no guard; null: there is one.</param>
    internal static Finding GuardFinding(string? whyNot) => whyNot is null
        ? Finding.Ok("a guard at each port (BPF)")
        : Finding.Warning($"ports of pods have no guard: {whyNot}; fragments from pods are dropped, a pod that "
            + "sets its checksum offload by hand may still have a packet rewritten on its way out, and on a host node "
            + "with net.bridge.bridge-nf-call-iptables=1 no pod reaches another by a Service",
            "Linux 6.2 or later with CONFIG_DEBUG_INFO_BTF, NET_SCH_INGRESS and NET_CLS_BPF; in a container or "
            + "service, allow bpf(2)");

    private static void Table(NetlinkSocket socket, NftFamily family, NftTableFlags flags, string name = "probe")
    {
        using var batch = new NftBatch(socket);
        batch.NewTable(family, name, flags);
        batch.Commit($"make a table of family {family}");
    }
}
