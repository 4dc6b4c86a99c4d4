using System.Net.Sockets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables.Parts;

namespace Dataplane.Rules.Nftables.Judging;

/// <summary>The class number of an address that a map holds.</summary>
internal enum ClassRole { Subject, SubjectGroup, Peer, PeerGroup, TierSubject, TierPeer }

/// <summary>address -> a class number of the pod; 0 has no element.</summary>
internal sealed class ClassSource(ClassRole role, bool isEgress, AddressFamily family) : AddressSource(family)
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        base.Write(change, added, ref sink);
        // Tier rules of egress may name the node itself as their peer.
        if (role != ClassRole.TierPeer || !isEgress) return;
        foreach (var address in (added ? change.Added : change.Removed).Node)
        {
            if (address.Address.AddressFamily == Family)
                sink.Element(address.Address.GetAddressBytes(), data: BitConverter.GetBytes(address.Class.Value));
        }
    }

    protected override uint? ValueOf(AddressClasses classes)
    {
        var roles = isEgress ? classes.Egress : classes.Ingress;
        var tiers = isEgress ? classes.EgressTiers : classes.IngressTiers;
        var value = role switch
        {
            ClassRole.Subject => roles.Subject.Value,
            ClassRole.SubjectGroup => roles.SubjectGroup.Value,
            ClassRole.Peer => roles.Peer.Value,
            ClassRole.PeerGroup => roles.PeerGroup.Value,
            ClassRole.TierSubject => tiers.Subject.Value,
            _ => tiers.Peer.Value,
        };
        return value != 0 ? value : null;
    }
}
