using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;

namespace Dataplane.Integration.Linux;

/// <summary>
/// A transaction is one datagram: a million elements are 34 MB, and half of that would be half a ruleset.
/// </summary>
public sealed class LargeBatchTests
{
    [Fact]
    public void A_datagram_larger_than_the_sockets_buffer_arrives_whole()
    {
        using var netns = TestNetns.Create();
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns.Netns);
        var filling = new byte[60_000];
        // Twice: the buffer has grown then.
        for (var run = 0; run < 2; run++)
        {
            using var batch = socket.NewBatch();
            batch.Begin(NetlinkType.Noop, NetlinkFlags.Request | NetlinkFlags.Ack, 0);
            while (batch.Length < 50_000_000) batch.Bytes(1, filling);
            batch.Begin(NetlinkType.Noop, NetlinkFlags.Request | NetlinkFlags.Ack, 0);
            socket.Commit("send much", batch);
        }
        ThreadHome.AssertAllHome();
    }
}
