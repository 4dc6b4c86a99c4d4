using System.Net;
using Dataplane.Linux.Conntrack;

namespace Dataplane.Linux.Tests.Conntrack;

/// <summary>Which entries are of connections that somebody still uses.</summary>
public sealed class AliveTests
{
    private const byte Tcp = 6, Udp = 17, Sctp = 132;

    /// <param name="status">IPS_SEEN_REPLY is 2, IPS_ASSURED 4, IPS_CONFIRMED 8.</param>
    [Theory]
    [InlineData(Udp, 53, 8, null, true)]
    [InlineData(Udp, 53, 10, null, false)]
    [InlineData(Udp, 53, 14, null, true)]
    [InlineData(Udp, 5353, 10, null, true)]
    [InlineData(Tcp, 53, 10, (byte)3, true)]
    [InlineData(Tcp, 53, 10, (byte)7, false)]
    [InlineData(Sctp, 53, 10, (byte)4, true)]
    [InlineData(Sctp, 53, 10, (byte)7, false)]
    public void A_query_that_has_its_answer_is_over(byte protocol, ushort port, uint status, byte? state, bool isAlive)
    {
        IPAddress client = IPAddress.Parse("10.244.0.2"), server = IPAddress.Parse("10.244.0.3");
        Assert.Equal(isAlive, new ConntrackEntry(new ConntrackTuple(client, server, protocol, 40000, port),
            new ConntrackTuple(server, client, protocol, port, 40000), 1, status, 1) { State = state }.IsAlive);
    }
}
