using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Dataplane.Daemon.Configuration;
using Dataplane.Daemon.Host;
using Dataplane.Linux.Files;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Daemon.NameServing;

/// <summary>
/// The sockets by which the name servers of a node are told, and found again:
/// <c>/run/dataplane/NODE.dns.INODE.HASH</c>, with the number of the network namespace that the server is in, and a
/// hash of what it was started with: a daemon that would start another one does not find it.
/// </summary>
public static class NameServerFiles
{
    private const string Directory = "/run/dataplane", Mark = ".dns.";
    private const int HashBytes = 4;

    /// <summary>The socket of a server in a pod's namespace, whether there is one or not.</summary>
    /// <exception cref="Linux.Native.LinuxException">ENOENT: there is no such namespace.</exception>
    internal static string PathOf(DaemonOptions options, string netns)
    {
        using var opened = Netns.Open(netns);
        var settings = $"{DaemonVersion.Text} {string.Join(' ', options.DnsUpstreams)}";
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(settings)).AsSpan(0, HashBytes));
        return string.Create(CultureInfo.InvariantCulture,
            $"{Directory}/{options.NodeName}{Mark}{FileIdentity.Of(opened.Handle).Inode}.{hash}");
    }

    /// <summary>Ends the name servers of a node, and removes their sockets.</summary>
    /// <param name="keep">The path of one that stays.</param>
    /// <exception cref="Win32Exception">EPERM: CAP_KILL is missing.</exception>
    public static void End(string node, string? keep = null)
    {
        if (!System.IO.Directory.Exists(Directory)) return;
        foreach (var path in System.IO.Directory.GetFiles(Directory, $"{node}{Mark}*"))
        {
            // The name of another node may begin with this one's.
            if (path == keep || path[$"{Directory}/{node}{Mark}".Length..].Split('.').Length != 2) continue;
            Kill(path);
            File.Delete(path);
        }
    }

    private static void Kill(string path)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            // It lives: this connection is not refused, and ends with it.
            using var server = Process.GetProcessById(PeerCredentials.Of(socket).ProcessId);
            server.Kill();
            server.WaitForExit();
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // Nobody listens, or it ended meanwhile.
        }
    }
}
