using System.Net.Sockets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables.Model;

namespace Dataplane.Rules.Nftables.Parts;

/// <summary>The elements that attached addresses of one family have in a set: one for each address, or none.</summary>
internal abstract class AddressSource(AddressFamily family) : ElementSource
{
    /// <summary>Maximum size of a key in bytes: two IPv6 addresses.</summary>
    private const int MaxKey = 32;

    protected AddressFamily Family => family;

    /// <summary>Whether the elements have data: the set is a map.</summary>
    protected virtual bool IsMap => true;

    /// <summary>Whether the elements carry the pod's name as a comment.</summary>
    protected virtual bool IsNamed => false;

    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        Span<byte> scratch = stackalloc byte[2 * MaxKey];
        Span<byte> data = stackalloc byte[sizeof(uint)];
        Span<char> name = stackalloc char[256];
        foreach (ref readonly var address in change.Addresses[family].AsSpan())
        {
            var (one, other) = added ? (address.After, address.Before) : (address.Before, address.After);
            if (one is null || ValueOf(one.Classes) is not { } value) continue;
            var key = Key(one, scratch[..MaxKey]);
            // An element that is the same before and after is not sent.
            if (other is not null && ValueOf(other.Classes) == value
                && key.SequenceEqual(Key(other, scratch[MaxKey..])))
            {
                continue;
            }
            BitConverter.TryWriteBytes(data, value);
            sink.Element(key, data: IsMap ? data : default, comment: IsNamed ? Name(one.Classes, name) : default);
        }
    }

    /// <summary>The data of an address's element, 0 in a set without data; null: the address has no element.</summary>
    protected abstract uint? ValueOf(AddressClasses classes);

    /// <summary>The key of an address's element, written into <paramref name="scratch"/>.</summary>
    protected virtual ReadOnlySpan<byte> Key(PortAddress port, Span<byte> scratch)
    {
        var key = new NftKey(scratch);
        key.Address(port.Address);
        return key.Written;
    }

    /// <summary>namespace/name, without a new string.</summary>
    private static ReadOnlySpan<char> Name(AddressClasses classes, Span<char> scratch)
    {
        var pod = classes.Pod.Pod;
        return scratch.TryWrite($"{pod.Namespace}/{pod.Name}", out var written) ? scratch[..written] : pod.FullName;
    }
}
