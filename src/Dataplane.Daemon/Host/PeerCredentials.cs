using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Dataplane.Daemon.Host;

/// <summary>
/// Who connected, as the kernel recorded it at that moment; what the process does later changes nothing.
/// </summary>
/// <param name="Groups">The supplementary groups.</param>
internal sealed record PeerCredentials(int ProcessId, uint Uid, uint Gid, IReadOnlyList<uint> Groups)
{
    // asm-generic/socket.h
    private const int SolSocket = 1, SoPeerCred = 17, SoPeerGroups = 59;
    private const int MaxGroups = 65536; // NGROUPS_MAX, linux/limits.h

    /// <summary>The effective user of this process.</summary>
    public static uint OwnUid { get; } = uint.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2],
        CultureInfo.InvariantCulture);

    public bool IsIn(uint group) => Gid == group || Groups.Contains(group);

    /// <summary>The credentials of a connection.</summary>
    /// <exception cref="SocketException">The socket is no connected unix socket.</exception>
    public static PeerCredentials Of(Socket socket)
    {
        // struct ucred, linux/socket.h: pid, uid, gid.
        Span<byte> credentials = stackalloc byte[12];
        if (socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) != credentials.Length)
            throw new SocketException((int)SocketError.OperationNotSupported);
        var numbers = MemoryMarshal.Cast<byte, uint>(credentials);
        return new PeerCredentials((int)numbers[0], numbers[1], numbers[2], GroupsOf(socket));
    }

    private static uint[] GroupsOf(Socket socket)
    {
        try
        {
            return Read(64);
        }
        catch (SocketException)
        {
            // ERANGE: there are more.
            return Read(MaxGroups);
        }

        uint[] Read(int count)
        {
            var bytes = new byte[count * sizeof(uint)];
            var length = socket.GetRawSocketOption(SolSocket, SoPeerGroups, bytes);
            return MemoryMarshal.Cast<byte, uint>(bytes.AsSpan(0, length)).ToArray();
        }
    }
}
