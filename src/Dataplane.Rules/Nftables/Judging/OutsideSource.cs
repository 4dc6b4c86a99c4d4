using System.Buffers.Binary;
using System.Net.Sockets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables.Parts;

namespace Dataplane.Rules.Nftables.Judging;

/// <summary>Range of addresses outside -> class number.</summary>
/// <param name="ranges">The ranges of a class table that the map holds, of both families.</param>
internal sealed class OutsideSource(Func<ClassTable, IReadOnlyList<CidrClass>> ranges, AddressFamily family)
    : ElementSource
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        Span<byte> first = stackalloc byte[16], last = stackalloc byte[16], data = stackalloc byte[sizeof(uint)];
        // An IPv4 address is the end of the 128 bits.
        var skip = first.Length - family.Bits() / 8;
        var all = ranges(added ? change.Added : change.Removed);
        for (var i = 0; i < all.Count; i++)
        {
            var range = all[i];
            if (range.Family != family) continue;
            BinaryPrimitives.WriteUInt128BigEndian(first, range.Range.First);
            BinaryPrimitives.WriteUInt128BigEndian(last, range.Range.Last);
            BitConverter.TryWriteBytes(data, range.Class.Value);
            sink.Range(first[skip..], last[skip..], data);
        }
    }
}
