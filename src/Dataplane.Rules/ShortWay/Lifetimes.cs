namespace Dataplane.Rules.ShortWay;

/// <summary>
/// How the short way keeps connections alive, which conntrack does for packets that it sees: at a packet the time that
/// is left is compared with these, in ticks of the kernel, and set anew, in milliseconds.
/// </summary>
/// <param name="TcpLongBelow">With less left, conntrack sees the packet: it may have shortened the time for a
/// reason.</param>
/// <param name="UdpLongBelow">Of a flow that has not been answered long enough; see <c>nf_conntrack_udp_packet</c>:
/// only packets that conntrack sees make it one that has.</param>
public readonly record struct Lifetimes(uint TcpLongBelow, uint TcpRefreshBelow, uint TcpTimeout, uint UdpLongBelow,
    uint UdpRefreshBelow, uint UdpTimeout)
{
    /// <summary>
    /// A new time is given when this much of it is used, seconds: each packet would otherwise write to memory that
    /// others read.
    /// </summary>
    private const uint TcpSlack = 60, UdpSlack = 10, UdpNewSlack = 3;

    /// <summary>
    /// What conntrack gives at most, in seconds, to a connection that sends again, or is not answered
    /// (nf_conntrack_tcp_timeout_max_retrans, nf_conntrack_tcp_timeout_unacknowledged).
    /// </summary>
    private const uint TcpShortened = 300;

    /// <param name="ticksPerSecond">CONFIG_HZ of the kernel.</param>
    /// <param name="tcp">nf_conntrack_tcp_timeout_established, seconds.</param>
    /// <param name="udp">nf_conntrack_udp_timeout, seconds.</param>
    /// <param name="udpStream">nf_conntrack_udp_timeout_stream, seconds.</param>
    public static Lifetimes Of(uint ticksPerSecond, uint tcp, uint udp, uint udpStream)
    {
        // One more: all of it is left within the tick in which it was given.
        return new Lifetimes(Ticks(Math.Min(TcpShortened, tcp), 0) + 1, Ticks(tcp, TcpSlack), Milliseconds(tcp),
            Ticks(udp, UdpNewSlack), Ticks(udpStream, UdpSlack), Milliseconds(udpStream));

        // All of a short lifetime is slack: then every packet takes the long way, or sets the time anew.
        uint Ticks(uint seconds, uint slack) =>
            seconds <= slack ? int.MaxValue : (uint)Math.Min((ulong)(seconds - slack) * ticksPerSecond, int.MaxValue);

        static uint Milliseconds(uint seconds) => (uint)Math.Min(seconds * 1000UL, uint.MaxValue);
    }
}
