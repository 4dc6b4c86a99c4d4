using System.Net;
using System.Net.Sockets;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Services.Tables;

namespace Dataplane.Rules.Nftables.Services;

/// <summary>The entries that a change removes, or those that it adds.</summary>
internal static class ServiceSides
{
    public static ServiceTable Of(RulesetChange change, bool added) =>
        added ? change.Services.Added : change.Services.Removed;
}

/// <summary>address . protocol . port -> pool; without an address where it is the node's own.</summary>
internal sealed class FrontendSource(FrontendSide side, bool isNodePort, AddressFamily family) : ElementSource
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        Span<byte> scratch = stackalloc byte[24], data = stackalloc byte[sizeof(uint)];
        var entries = ServiceSides.Of(change, added).Frontends;
        for (var i = 0; i < entries.Count; i++)
        {
            var (frontend, pool) = entries[i];
            if (frontend.Side != side || frontend.Family != family || frontend.Address is null != isNodePort) continue;
            var key = new NftKey(scratch);
            if (frontend.Address is { } address) key.Address(address);
            key.Byte((byte)frontend.Protocol);
            key.Port(frontend.Port);
            BitConverter.TryWriteBytes(data, pool.Value);
            sink.Element(key.Written, data: data);
        }
    }
}

/// <summary>pool -> how a backend is chosen.</summary>
internal sealed class PoolSource : ElementSource
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        Span<byte> key = stackalloc byte[sizeof(uint)], data = stackalloc byte[sizeof(uint)];
        var pools = ServiceSides.Of(change, added).Pools;
        for (var i = 0; i < pools.Count; i++)
        {
            BitConverter.TryWriteBytes(key, pools[i].Number.Value);
            BitConverter.TryWriteBytes(data, PoolData.Of(pools[i]));
            sink.Element(key, data: data);
        }
    }
}

/// <summary>pool . slot -> backend; or pool . backend, of pools with session affinity.</summary>
internal sealed class SlotSource(bool isMember) : ElementSource
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        Span<byte> key = stackalloc byte[2 * sizeof(uint)], data = stackalloc byte[sizeof(uint)];
        var slots = ServiceSides.Of(change, added).Slots;
        for (var i = 0; i < slots.Count; i++)
        {
            var (pool, index, backend, keepsClients) = slots[i];
            if (isMember && !keepsClients) continue;
            BitConverter.TryWriteBytes(key, pool.Value);
            BitConverter.TryWriteBytes(key[sizeof(uint)..], isMember ? backend.Value : (uint)index);
            BitConverter.TryWriteBytes(data, backend.Value);
            sink.Element(key, data: isMember ? default : data);
        }
    }
}

/// <summary>backend -> address . port.</summary>
internal sealed class BackendSource(AddressFamily family) : ElementSource
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        Span<byte> key = stackalloc byte[sizeof(uint)], scratch = stackalloc byte[20];
        var backends = ServiceSides.Of(change, added).Backends;
        for (var i = 0; i < backends.Count; i++)
        {
            var (number, address, port) = backends[i];
            if (address.AddressFamily != family) continue;
            BitConverter.TryWriteBytes(key, number.Value);
            var data = new NftKey(scratch);
            data.Address(address);
            data.Port(port);
            sink.Element(key, data: data.Written);
        }
    }
}

/// <summary>pool . network: who reaches a restricted pool.</summary>
internal sealed class ReachSource(AddressFamily family) : ElementSource
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        Span<byte> first = stackalloc byte[20], last = stackalloc byte[20];
        var sources = ServiceSides.Of(change, added).Sources;
        for (var i = 0; i < sources.Count; i++)
        {
            var (pool, network) = sources[i];
            if (network.BaseAddress.AddressFamily != family) continue;
            var from = new NftKey(first);
            var to = new NftKey(last);
            from.Network(pool.Value);
            from.Address(network.BaseAddress);
            to.Network(pool.Value);
            to.Address(Last(network));
            sink.Element(from.Written, to.Written);
        }
    }

    private static IPAddress Last(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        for (var bit = network.PrefixLength; bit < 8 * bytes.Length; bit++) bytes[bit / 8] |= (byte)(0x80 >> bit % 8);
        return new IPAddress(bytes);
    }
}

/// <summary>The addresses of Services alone, or those of the node.</summary>
internal sealed class PlainAddressSource(bool areNodes, AddressFamily family) : ElementSource
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        Span<byte> scratch = stackalloc byte[16];
        var addresses = areNodes ? added ? change.NodeAddresses.Added : change.NodeAddresses.Removed
            : ServiceSides.Of(change, added).Refused;
        for (var i = 0; i < addresses.Count; i++)
        {
            if (addresses[i].AddressFamily != family) continue;
            var key = new NftKey(scratch);
            key.Address(addresses[i]);
            sink.Element(key.Written);
        }
    }
}
