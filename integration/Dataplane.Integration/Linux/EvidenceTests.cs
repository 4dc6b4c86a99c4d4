using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nflog;
using Dataplane.Linux.Rtnetlink;
namespace Dataplane.Integration.Linux;

/// <summary>Sysctls, the log and the connection table, on the loopback of a namespace of its own.</summary>
public sealed class EvidenceTests : IDisposable
{
    private const ushort Group = 77;
    private readonly string _name = $"dpt-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}";
    private readonly Netns _netns;

    public EvidenceTests()
    {
        _netns = Netns.Create(_name);
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Route, _netns);
        socket.Commit("loopback", w => Links.SetUp(w, Links.Loopback));
    }

    public void Dispose()
    {
        _netns.Dispose();
        Netns.Delete(_name);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void Sysctls_follow_the_namespace()
    {
        using var home = Netns.OpenCurrent();
        var before = Sysctl.Read(home, "net/ipv4/ip_default_ttl");
        Sysctl.Write(_netns, new("net/ipv4/ip_default_ttl", "77"),
            new("net/ipv4/no_such_setting", "1", Optional: true));
        Assert.Equal("77", Sysctl.Read(_netns, "net/ipv4/ip_default_ttl"));
        Assert.Equal(before, Sysctl.Read(home, "net/ipv4/ip_default_ttl"));
        Assert.Null(Sysctl.Read(_netns, "net/ipv4/no_such_setting"));

        var refused = Assert.Throws<LinuxException>(
            () => Sysctl.Write(_netns, new SysctlSetting("net/ipv4/no_such_setting", "1")));
        Assert.Equal(Errno.ENOENT, refused.ErrorNumber);
        Assert.Contains("net/ipv4/no_such_setting", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() =>
            Sysctl.Write(_netns, new SysctlSetting("net/ipv4/ip_forward", "x"))).ErrorNumber);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_connection_is_listed_and_deleted_alone(string address)
    {
        Load("table inet t { chain c { type filter hook output priority 0;\n ct state new ct mark set 0x1234\n }\n }");
        Send(address, 7001, "one");
        Send(address, 7002, "two");
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, _netns);
        var family = IPAddress.Parse(address).AddressFamily;
        var entries = ConntrackTable.Dump(socket, family).Where(e => e.Original.Protocol == 17).ToList();
        Assert.Equal([7001, 7002], entries.Select(e => (int)e.Original.DestinationPort).Order());
        var first = entries.Single(e => e.Original.DestinationPort == 7001);
        Assert.Equal(0x1234u, first.Mark);
        Assert.Equal(IPAddress.Parse(address), first.Original.Source);
        Assert.Equal((first.Original.SourcePort, first.Original.DestinationPort),
            (first.Reply.DestinationPort, first.Reply.SourcePort));
        Assert.Equal(0u, first.Status & 2); // IPS_SEEN_REPLY

        Assert.Equal(1, ConntrackTable.Delete(socket, [first]));
        Assert.Equal(0, ConntrackTable.Delete(socket, [first]));
        Assert.Equal([7002], ConntrackTable.Dump(socket, family)
            .Where(e => e.Original.Protocol == 17)
            .Select(e => (int)e.Original.DestinationPort));
    }

    [Fact]
    public void A_logged_packet_arrives_with_its_prefix_and_mark()
    {
        Load($"table inet t {{ chain c {{ type filter hook output priority 0;\n"
            + $" udp dport 7001 meta mark set 0x55 log prefix \"no:7\" group {Group} drop\n }}\n }}");
        using var log = NflogReader.Open(_netns, Group);
        Assert.Equal(0, log.Drain((scoped in _) => Assert.Fail("nothing was sent")));
        Send("127.0.0.1", 7001, "the payload");
        var seen = 0;
        while (seen == 0)
        {
            // The queue threshold is 1: by the time send returned, the packet is here.
            Assert.NotEqual(0, seen = log.Receive(TimeSpan.FromSeconds(10), (scoped in packet) =>
            {
                Assert.Equal(("no:7", 0x55u, (byte)3, (byte)2, (ushort)0x0800),
                    (packet.Prefix, packet.Mark, packet.Hook, packet.Family, packet.EtherType));
                Assert.Equal((InterfaceIndex.None, Links.Loopback), (packet.InInterface, packet.OutInterface));
                Assert.Equal("the payload", Encoding.ASCII.GetString(packet.Payload[28..]));
                Assert.NotNull(packet.Sequence);
            }));
        }

        Assert.Equal((1, 0L, 0L), (seen, log.Overruns, log.Lost));
        var taken = Assert.Throws<LinuxException>(() => NflogReader.Open(_netns, Group));
        Assert.Contains(taken.ErrorNumber, new[] { Errno.EBUSY, Errno.EPERM, Errno.EEXIST });
    }

    [Fact]
    public void Packets_lost_by_a_slow_reader_are_counted()
    {
        const int Sent = 60_000;
        Load($"table inet t {{ chain c {{ type filter hook output priority 0;\n udp dport 7001 log group {Group} drop\n"
            + $" }}\n }}");
        using var log = NflogReader.Open(_netns, Group);
        using var socket = Udp(AddressFamily.InterNetwork);
        var target = new IPEndPoint(IPAddress.Loopback, 7001);
        for (var i = 0; i < Sent; i++)
        {
            Send(socket, target, "x"u8);
        }

        var seen = log.Drain((scoped in _) => { });
        Send(socket, target, "x"u8);
        seen += log.Drain((scoped in _) => { });
        Assert.True(log.Overruns > 0, "the buffer never overflowed: send more");
        Assert.Equal(Sent + 1, seen + log.Lost);
    }

    private void Send(string address, int port, string text)
    {
        var target = new IPEndPoint(IPAddress.Parse(address), port);
        using var socket = Udp(target.AddressFamily);
        Send(socket, target, Encoding.ASCII.GetBytes(text));
    }

    /// <summary>A verdict of drop in the output hook is EPERM for the sender.</summary>
    private static void Send(Socket socket, IPEndPoint target, ReadOnlySpan<byte> payload)
    {
        try
        {
            socket.SendTo(payload, target);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
        }
    }

    private Socket Udp(AddressFamily family)
    {
        const int SOCK_DGRAM = 2;
        using var fd = _netns.OpenSocket(family == AddressFamily.InterNetwork ? 2 : 10, SOCK_DGRAM, 0);
        var socket = new Socket(new SafeSocketHandle(fd.DangerousGetHandle(), ownsHandle: true));
        fd.SetHandleAsInvalid();
        return socket;
    }

    private void Load(string ruleset)
    {
        var start = new ProcessStartInfo("ip") { RedirectStandardInput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "netns", "exec", _name, "nft", "-f", "-" })
        {
            start.ArgumentList.Add(argument);
        }

        using var nft = Process.Start(start)!;
        nft.StandardInput.Write(ruleset + "\n");
        nft.StandardInput.Close();
        var complaint = nft.StandardError.ReadToEnd();
        nft.WaitForExit();
        Assert.True(nft.ExitCode == 0, complaint);
    }
}
