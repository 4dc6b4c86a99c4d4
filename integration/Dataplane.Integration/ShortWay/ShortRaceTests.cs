using System.Diagnostics;
using System.Net.Sockets;
using Dataplane.Integration.Closed;

namespace Dataplane.Integration.ShortWay;

/// <summary>Changes of the policies while packets go by the short way as fast as they can.</summary>
public sealed class ShortRaceTests
{
    private const int Behind = 200;

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void No_packet_is_later_than_the_answer(AddressFamily family) => Race(family, changes: 40);

    /// <summary>In `make soak`.</summary>
    [Theory(Explicit = true)]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Nor_in_five_thousand_changes(AddressFamily family) => Race(family, changes: 5_000);

    private static void Race(AddressFamily family, int changes)
    {
        using var lab = new ShortLab();
        var talk = lab.Talk(ProtocolType.Udp, family);
        using var flood = new DatagramFlood(talk.Client);
        var (arrived, late) = (0L, new List<string>());
        for (var i = 0; i < changes; i++)
        {
            lab.Live.Node.Apply(ShortLab.Closed);
            var answered = Stopwatch.GetTimestamp();
            // The answer came before these were sent.
            flood.Await(Behind);
            while (talk.Server.Available > 0)
            {
                var sent = BitConverter.ToInt64(Talk.Receive(talk.Server));
                if (sent > answered) late.Add($"change {i}: {(sent - answered) / 1000} us after the answer");
            }
            lab.Live.Node.Apply(ShortLab.Open);
            var opened = Stopwatch.GetTimestamp();
            // The positive control: what is sent from now on arrives, and the other end answers, so it is established.
            while (BitConverter.ToInt64(Talk.Receive(talk.Server)) < opened)
            {
            }
            talk.Server.Send("answer"u8);
            var before = lab.ByTheBridge();
            for (var got = 0; got < Behind; got++) Talk.Receive(talk.Server);
            arrived += Behind - Math.Min(Behind, lab.ByTheBridge() - before);
        }
        Assert.Empty(late);
        // Most of them took the short way.
        Assert.True(arrived > changes * Behind / 2, $"{arrived} of {changes * Behind}");
    }
}
