using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Policy.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Services.Tables;

namespace Dataplane.Node.Programming;

/// <summary>
/// Reads the numbers of pools and backends from the maps of Services in the kernel; they may be an earlier process's.
/// </summary>
internal static class KernelServices
{
    /// <summary>No compiler gets so far: such a number is another program's.</summary>
    private const uint Most = 1 << 30;

    /// <summary>The parts of a key are padded to four bytes.</summary>
    private const int Part = 4;

    public static ServiceNumbers Numbers(NetlinkSocket socket)
    {
        var (pools, backends) = (new Dictionary<Frontend, PoolNumber>(), new Dictionary<IPEndPoint, BackendNumber>());
        foreach (var family in AddressFamilies.All)
        {
            foreach (var (name, side, hasAddress) in Frontends)
            {
                foreach (var (key, data) in Elements(socket, name, family))
                {
                    var bytes = hasAddress ? AddressBytes(family) : 0;
                    if (key.Length != bytes + 2 * Part || !IsNumber(data, out var pool)) continue;
                    var address = hasAddress ? new IPAddress(key.AsSpan(0, bytes)) : null;
                    pools[new Frontend(side, family, address, (FlowProtocol)key[bytes], Port(key.AsSpan(bytes + Part)))]
                        = new PoolNumber(pool);
                }
            }
            foreach (var (key, data) in Elements(socket, SetNames.Backend, family))
            {
                var bytes = AddressBytes(family);
                if (data.Length < bytes + sizeof(ushort) || !IsNumber(key, out var backend)) continue;
                backends[new IPEndPoint(new IPAddress(data.AsSpan(0, bytes)), Port(data.AsSpan(bytes)))] =
                    new BackendNumber(backend);
            }
        }
        return new ServiceNumbers(pools, backends);
    }

    private static (string Name, FrontendSide Side, bool HasAddress)[] Frontends =>
    [
        (SetNames.Frontend, FrontendSide.Inside, true), (SetNames.FrontendOutside, FrontendSide.Outside, true),
        (SetNames.NodePort, FrontendSide.Inside, false), (SetNames.NodePortOutside, FrontendSide.Outside, false),
    ];

    private static IReadOnlyList<(byte[] Key, byte[] Data)> Elements(
        NetlinkSocket socket, string name, AddressFamily family) => NftTables.DumpElements(
        socket, NftFamily.Inet, SetNames.Table, name + (family == AddressFamily.InterNetwork ? "4" : "6"));

    private static int AddressBytes(AddressFamily family) => family == AddressFamily.InterNetwork ? 4 : 16;

    private static bool IsNumber(byte[] bytes, out uint number)
    {
        number = bytes.Length == sizeof(uint) ? BitConverter.ToUInt32(bytes) : 0;
        return number is > 0 and < Most;
    }

    private static ushort Port(ReadOnlySpan<byte> bytes) => (ushort)(bytes[0] << 8 | bytes[1]);
}
