using System.Net.Sockets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;

namespace Dataplane.Rules.Nftables.Identity;

/// <summary>interface index of the port . MAC address . address: what belongs together.</summary>
internal sealed class IdentitySource(AddressFamily family) : AddressSource(family)
{
    protected override bool IsMap => false;

    protected override bool IsNamed => true;

    protected override uint? ValueOf(AddressClasses classes) => 0;

    protected override ReadOnlySpan<byte> Key(PortAddress port, Span<byte> scratch)
    {
        var key = new NftKey(scratch);
        key.Interface(port.Port);
        key.Mac(port.Mac);
        key.Address(port.Address);
        return key.Written;
    }
}
