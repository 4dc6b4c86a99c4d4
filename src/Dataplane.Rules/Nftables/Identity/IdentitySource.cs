using System.Net.Sockets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Shape;

namespace Dataplane.Rules.Nftables.Identity;

/// <summary>
/// interface index of the port . MAC address . address -> the mark of an identified packet, with the egress subject
/// class.
/// </summary>
internal sealed class IdentitySource(AddressFamily family) : AddressSource(family)
{
    protected override bool IsNamed => true;

    protected override uint? ValueOf(AddressClasses classes) => MarkBits.Identified | classes.Egress.Subject.Value;

    protected override ReadOnlySpan<byte> Key(PortAddress port, Span<byte> scratch)
    {
        var key = new NftKey(scratch);
        key.Interface(port.Port);
        key.Mac(port.Mac);
        key.Address(port.Address);
        return key.Written;
    }
}
