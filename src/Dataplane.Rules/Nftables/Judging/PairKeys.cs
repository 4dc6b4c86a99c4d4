using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Nftables.Model;

namespace Dataplane.Rules.Nftables.Judging;

/// <summary>The form of the ports in an element of a pair. Each form has a set of its own.</summary>
internal enum PortForm { Everything, Protocol, Port, Range }

/// <summary>Keys of pairs: mark . priority, then protocol and port as far as the form has them.</summary>
internal static class PairKeys
{
    /// <summary>Maximum size of a key in bytes.</summary>
    public const int Size = 16;

    public static PortForm FormOf(PortRange ports)
    {
        if (ports.Protocol is null) return PortForm.Everything;
        if (ports.IsWholeProtocol) return PortForm.Protocol;
        return ports.First == ports.Last ? PortForm.Port : PortForm.Range;
    }

    /// <summary>
    /// Mark and priority of a pair: the mark belongs to the flow's source, the priority to its destination.
    /// </summary>
    public static (uint Mark, uint Priority) Registers(bool isEgress, ClassNumber subject, ClassNumber peer) =>
        isEgress ? (subject.Value, peer.Value) : (peer.Value, subject.Value);

    /// <summary>As <see cref="Registers"/>, of the tiers, where egress has the peer in the mark.</summary>
    public static (uint Mark, uint Priority) TierRegisters(bool isEgress, ClassNumber subject, ClassNumber peer) =>
        isEgress ? (peer.Value, subject.Value) : (subject.Value, peer.Value);

    /// <param name="port">The first or the last port of a range; unused where the form has no port.</param>
    public static ReadOnlySpan<byte> Write(Span<byte> scratch, (uint Mark, uint Priority) pair, PortRange ports,
        ushort port)
    {
        var key = new NftKey(scratch);
        // An interval set compares bytes, so its numbers are in network order.
        if (FormOf(ports) == PortForm.Range)
        {
            key.Network(pair.Mark);
            key.Network(pair.Priority);
        }
        else
        {
            key.Host(pair.Mark);
            key.Host(pair.Priority);
        }
        if (ports.Protocol is { } protocol)
        {
            key.Byte((byte)protocol);
            if (!ports.IsWholeProtocol) key.Port(port);
        }
        return key.Written;
    }
}
