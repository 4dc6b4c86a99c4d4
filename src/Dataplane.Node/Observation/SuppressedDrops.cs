using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Ruleset;

namespace Dataplane.Node.Observation;

/// <summary>
/// The packets that our rules dropped without a log entry, since their source was over its rate: of each reason the first counter
/// of its chain has all, the last what was logged. Not thread-safe.
/// </summary>
internal sealed class SuppressedDrops : IDisposable
{
    private readonly NetlinkSocket _socket;
    private readonly Dictionary<(NftFamily, string), (ulong All, ulong Told)> _chains = [];

    /// <summary>What the rules have counted until now is not told.</summary>
    public SuppressedDrops(Netns node)
    {
        _socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, node);
        Read(static (_, _) => { });
    }

    /// <summary>Tells what has come since the last time, by reason.</summary>
    public void Read(Action<string, long> tell)
    {
        foreach (var family in (ReadOnlySpan<NftFamily>)[NftFamily.Bridge, NftFamily.Inet])
        {
            var counted = NftRules.Dump(_socket, family, SetNames.Table).Where(r => r.Packets is not null && r.Chain.StartsWith(SetNames.DropChain, StringComparison.Ordinal));
            foreach (var chain in counted.GroupBy(r => r.Chain, r => r.Packets!.Value))
            {
                // A packet between the two counters is not suppressed, and no longer between them the next time.
                var (all, logged) = (chain.First(), chain.Last());
                var before = _chains.GetValueOrDefault((family, chain.Key));
                // Rules that were loaded anew count from 0.
                var told = all < before.All ? 0 : before.Told;
                var suppressed = all > logged ? all - logged : 0;
                if (suppressed > told) tell(chain.Key[SetNames.DropChain.Length..].Replace('_', '-'), (long)(suppressed - told));
                _chains[(family, chain.Key)] = (all, Math.Max(told, suppressed));
            }
        }
    }

    public void Dispose() => _socket.Dispose();
}
