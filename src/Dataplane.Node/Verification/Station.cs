using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Ports;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Verification;

/// <summary>
/// An endpoint that sends and receives probes: an attached namespace sends frames from its own eth0, the node sends
/// packets of its own.
/// </summary>
internal sealed class Station : IDisposable
{
    private readonly Endpoint? _endpoint;
    private readonly Attachment? _attachment;
    private readonly Lock _opening = new();
    private PacketInjector? _frames;
    private readonly PerFamily<IPAddress?> _addresses;
    private readonly PerFamily<IpAddressValue> _values;

    private Station(Endpoint? endpoint, Attachment? attachment)
    {
        (_endpoint, _attachment) = (endpoint, attachment);
        _addresses = PerFamily.Of(Find);
        _values = PerFamily.Of(family => _addresses[family] is { } found ? IpAddressValue.From(found) : default);
    }

    public static Station Of(Attachment attachment) => new(attachment.Endpoint, attachment);

    /// <summary>The node itself, or a hostNetwork pod on it.</summary>
    public static Station OfNode(Endpoint endpoint) => new(endpoint, null);

    /// <summary>The address of a Service, which only sends to others.</summary>
    public static Station OfService(Endpoint frontend) => new(frontend, null);

    /// <summary>The name of the endpoint as users spell it.</summary>
    public string Name => _endpoint?.Name ?? "(stranger)";

    public bool IsNode => _attachment is null && _endpoint!.IsNodeTraffic();

    /// <summary>
    /// Index of the interface, in the node's namespace, that leads to this endpoint; none for the node itself.
    /// </summary>
    public InterfaceIndex PortIndex => _attachment?.PortIndex ?? InterfaceIndex.None;

    /// <exception cref="InvalidOperationException">It has no address of that family.</exception>
    public IPAddress IPAddress(AddressFamily family) =>
        _addresses[family] ?? throw new InvalidOperationException($"{Name} has no {family} address");

    /// <summary>As <see cref="IPAddress"/>, by value.</summary>
    public IpAddressValue Address(AddressFamily family)
    {
        IPAddress(family);
        return _values[family];
    }

    public ProbeSpec Spec(ProbeIdentity identity) => _attachment is null
        ? new ProbeSpec(default, default, identity)
        : new ProbeSpec(_attachment.Mac, _attachment.NextHop, identity);

    /// <summary>
    /// Sends frames from the namespace's own interface. The socket is opened at the first call: most stations of a
    /// slice only receive. Thread-safe.
    /// </summary>
    public void Send(FrameBatch frames) => Injector().Send(frames);

    public void Dispose() => _frames?.Dispose();

    private PacketInjector Injector()
    {
        if (Volatile.Read(ref _frames) is { } open) return open;
        lock (_opening)
        {
            if (_frames is null)
                Volatile.Write(ref _frames, PacketInjector.Open(_attachment!.Netns, _attachment.InnerIndex));
            return _frames!;
        }
    }

    private IPAddress? Find(AddressFamily family) =>
        _attachment is null ? _endpoint!.AddressIn(family)
            : _attachment.Addresses.FirstOrDefault(a => a.AddressFamily == family);

    /// <summary>
    /// Closes stations in parallel: closing a packet socket waits until no CPU can still use it (synchronize_net), some
    /// 10 ms each.
    /// </summary>
    public static void Close(IEnumerable<Station> stations)
    {
        const int together = 32;
        var closing = stations.Index().GroupBy(s => s.Index % together, s => s.Item).Select(group =>
        {
            var thread = new Thread(() =>
            {
                foreach (var station in group) station.Dispose();
            });
            thread.Start();
            return thread;
        }).ToList();
        foreach (var thread in closing) thread.Join();
    }
}
