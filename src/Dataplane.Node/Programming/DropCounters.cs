using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Parts;

namespace Dataplane.Node.Programming;

/// <summary>
/// Counts the packets that the rules dropped without a log entry, because their source was over its rate. In the chain
/// of each reason the first counter has all packets, the last one those that were logged. Not thread-safe.
/// </summary>
internal sealed class DropCounters : IDisposable
{
    private readonly NetlinkSocket _socket;
    private readonly Dictionary<(NftFamily, string), (ulong All, ulong Told)> _chains = [];

    /// <summary>Drops that were counted before are not reported.</summary>
    public DropCounters(Netns node)
    {
        _socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, node);
        Read(static (_, _) => { });
    }

    /// <summary>Reports the drops without a log entry since the last call, by reason.</summary>
    public void Read(Action<string, long> report)
    {
        foreach (var family in (ReadOnlySpan<NftFamily>)[NftFamily.Bridge, NftFamily.Inet])
        {
            var counted = NftRules.Dump(_socket, family, SetNames.Table)
                .Where(r => r.Packets is not null && ChainNames.ReasonOf(r.Chain) is not null);
            foreach (var chain in counted.GroupBy(r => r.Chain, r => r.Packets!.Value))
            {
                // A packet between the two counters looks suppressed now, and not at the next call.
                var (all, logged) = (chain.First(), chain.Last());
                var before = _chains.GetValueOrDefault((family, chain.Key));
                // Rules that were loaded anew count from 0.
                var told = all < before.All ? 0 : before.Told;
                var suppressed = all > logged ? all - logged : 0;
                if (suppressed > told) report(ChainNames.ReasonOf(chain.Key)!, (long)(suppressed - told));
                _chains[(family, chain.Key)] = (all, Math.Max(told, suppressed));
            }
        }
    }

    public void Dispose() => _socket.Dispose();
}
