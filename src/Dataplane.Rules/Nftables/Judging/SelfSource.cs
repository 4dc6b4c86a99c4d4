using System.Net.Sockets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;

namespace Dataplane.Rules.Nftables.Judging;

/// <summary>address . the same address: source and destination of a pod's packet to itself.</summary>
internal sealed class SelfSource(AddressFamily family) : AddressSource(family)
{
    protected override bool IsMap => false;

    protected override uint? ValueOf(AddressClasses classes) => 0;

    protected override ReadOnlySpan<byte> Key(PortAddress port, Span<byte> scratch)
    {
        var key = new NftKey(scratch);
        key.Address(port.Address);
        key.Address(port.Address);
        return key.Written;
    }
}
