using System.Net;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Tests.Frames;
namespace Dataplane.Linux.Tests.Conntrack;

/// <summary>What NFNLGRP_CONNTRACK_NEW delivers.</summary>
public sealed class ConntrackEventTests
{
    /// <summary>udp 10.244.0.2:40000 > 10.244.0.3:53, mark 0x80000001, id 9, status confirmed.</summary>
    private const string New = """
        94000000 0001 0006 00000000 00000000
        02 00 0000
        3400 0180
            1400 0180   0800 0100 0af40002   0800 0200 0af40003
            1c00 0280   0500 0100 11 000000   0600 0200 9c40 0000   0600 0300 0035 0000
        3400 0280
            1400 0180   0800 0100 0af40003   0800 0200 0af40002
            1c00 0280   0500 0100 11 000000   0600 0200 0035 0000   0600 0300 9c40 0000
        0800 0c00 00000009
        0800 0300 00000008
        0800 0800 80000001
        """;

    [Fact]
    public void A_new_connection_has_its_mark()
    {
        var seen = Deliver(Probes.Hex(New));
        Assert.Equal(new ConntrackEntry(new ConntrackTuple(IPAddress.Parse("10.244.0.2"), IPAddress.Parse("10.244.0.3"),
            17, 40000, 53),
            new ConntrackTuple(IPAddress.Parse("10.244.0.3"), IPAddress.Parse("10.244.0.2"), 17, 53, 40000), 0x80000001,
            8, 9), Assert.Single(seen));
    }

    [Fact]
    public void Other_messages_and_garbage_are_passed_over()
    {
        var message = Probes.Hex(New);
        Assert.Equal(2, Deliver([.. message, .. message]).Count);
        // IPCTNL_MSG_CT_DELETE; a message of another subsystem; one that claims to be longer than the datagram.
        foreach (var (at, value) in new[] { (4, 2), (5, 4), (0, 0xff) })
        {
            var other = message.ToArray();
            other[at] = (byte)value;
            Assert.Empty(Deliver(other));
        }
        Assert.Empty(Deliver([]));
    }

    private static List<ConntrackEntry> Deliver(byte[] datagram)
    {
        var seen = new List<ConntrackEntry>();
        Assert.Equal(ConntrackEvents.Deliver(datagram, (in entry) => seen.Add(entry)), seen.Count);
        return seen;
    }
}
