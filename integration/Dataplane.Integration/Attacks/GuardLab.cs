using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
using Dataplane.Node.Observation;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// A pod that sends what it likes, a pod that it may reach, and both witnesses of what became of a packet.
/// </summary>
internal sealed class GuardLab : IDisposable
{
    private readonly Netns _attacker;
    private readonly OffloadSocket _socket;
    private readonly PacketRing _open;
    private readonly DropLog? _log;
    private readonly Func<AddressFamily, IPAddress> _from, _to;
    private readonly ConcurrentQueue<DropRecord> _drops = [];
    private int _tags;

    /// <param name="node">Null: another process reads the drop log.</param>
    /// <param name="attacker">Its namespace stays the caller's.</param>
    public GuardLab(Netns? node, Func<AddressFamily, IPAddress> from, Netns attacker, MacAddress mac,
        Func<AddressFamily, IPAddress> to, Netns open)
    {
        (_from, _to, Mac, _attacker) = (from, to, mac, attacker);
        _socket = new OffloadSocket(attacker);
        _open = PacketRing.Open(open, CaptureFilter.Build(512, CaptureDirection.Incoming), NodeLayout.PodInterface);
        _log = node is null ? null : DropLog.Open(node);
        _log?.Subscribe(_drops.Enqueue);
    }

    public MacAddress Mac { get; }

    public IPAddress From(AddressFamily family) => _from(family);

    public IPAddress To(AddressFamily family) => _to(family);

    public PacketInjector Injector() => PacketInjector.Open(_attacker, NodeLayout.PodInterface);

    public byte[] NewTag() => [.. "guard"u8, .. BitConverter.GetBytes(++_tags), (byte)'!'];

    /// <summary>Sends one packet, without waiting for what becomes of it.</summary>
    public void Send(GuardCase what, AddressFamily family)
    {
        var (offload, packet) = what.Of(From(family), To(family), NewTag());
        Assert.Equal(0, _socket.Send(offload, Frame(family, packet)));
    }

    /// <summary>
    /// Sends one packet; returns "arrived", the reason of its drop, or "refused" by the sender's kernel.
    /// </summary>
    public string FateOf(GuardCase what, AddressFamily family)
    {
        var tag = NewTag();
        var (offload, packet) = what.Of(From(family), To(family), tag);
        return _socket.Send(offload, Frame(family, packet)) != 0 ? "refused" : FateOf(tag);
    }

    public byte[] Frame(AddressFamily family, byte[] packet) => Craft.Frame(NodeLayout.GatewayMac, Mac,
        family == AddressFamily.InterNetwork ? (ushort)0x0800 : (ushort)0x86dd, packet);

    /// <summary>What became of the packet with this tag, which has been sent.</summary>
    public string FateOf(byte[] tag)
    {
        var fate = "";
        Assert.True(SpinWait.SpinUntil(() => (fate = Look(tag)).Length > 0, PodSocket.Patience), "no witness has it");
        return fate;
    }

    public void Dispose()
    {
        _log?.Dispose();
        _open.Dispose();
        _socket.Dispose();
    }

    private string Look(byte[] tag)
    {
        while (_open.TryRead(out var frame))
            if (frame.Data.IndexOf(tag) >= 0) return "arrived";
        while (_drops.TryDequeue(out var drop))
            if (drop.Packet.Span.IndexOf(tag) >= 0) return drop.Reason;
        return "";
    }
}
