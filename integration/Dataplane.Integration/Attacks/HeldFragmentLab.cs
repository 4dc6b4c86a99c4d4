using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Dataplane.Api;
using Dataplane.Integration.Chaos;
using Dataplane.Integration.HostNode;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Planning;

namespace Dataplane.Integration.Attacks;

/// <summary>A datagram or a SYN, with a number in it.</summary>
internal sealed record HeldSegment(IPAddress From, IPAddress To, byte[] Bytes, string Tag, ushort Id);

/// <summary>
/// A daemon, and pods that send packets in pieces of which they choose the moment. What arrives is seen by raw sockets,
/// what does not is counted by reason.
/// </summary>
internal sealed class HeldFragmentLab : IDisposable
{
    /// <summary>Names of ends that are no pods.</summary>
    public const string Node = "node", Router = "router";

    /// <summary>A multiple of 8 with the header of UDP and of TCP in it.</summary>
    private const int Cut = 24;

    private const string Held4 = "10.244.0.200", Held6 = "fd00:10:244::200";

    private static readonly string Base = string.Join("---\n", Yaml.Pod("att"), Yaml.Pod("open"),
        Moved("moved", "moved"), """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: jail, namespace: x}
        spec: {podSelector: {matchLabels: {app: jailed}}, policyTypes: [Ingress, Egress]}

        """);

    private readonly FakeHost? _host;
    private readonly AddressFamily _family;
    private readonly ProtocolType _protocol;
    private RawIpReceiver? _ear;
    private int _numbers;

    /// <param name="host">Null: a private node.</param>
    public HeldFragmentLab(FakeHost? host, AddressFamily family, ProtocolType protocol)
    {
        (_host, _family, _protocol) = (host, family, protocol);
        Daemon = host is null ? new DaemonProcess() : new DaemonProcess(host.Netns, "--node", "host");
        try
        {
            Reset();
        }
        catch
        {
            Daemon.Dispose();
            throw;
        }
    }

    public DaemonProcess Daemon { get; }

    /// <summary>A pod with the address that another has had.</summary>
    public static string Moved(string name, string app) =>
        Yaml.Pod(name, app: app, status: $"{{podIPs: [{{ip: {Held4}}}, {{ip: '{Held6}'}}]}}");

    /// <summary>Back to the pods and policies of the beginning.</summary>
    public void Reset() => Daemon.Apply(new ApplyRequest([new ManifestFile("base.yaml", Base)]) { Prune = true });

    /// <summary>From now on nothing that arrives at this end is missed.</summary>
    public void Listen(string to)
    {
        _ear?.Dispose();
        using var netns = Open(to);
        _ear = RawIpReceiver.Open(netns, _family, (IpProtocol)(byte)_protocol);
    }

    /// <summary>A whole packet arrives, and before it nothing of these.</summary>
    public void Control(string when, string @case, string from, string to, string[] denied)
    {
        var control = Segment(from, to);
        SendWhole(control, from);
        while (true)
        {
            if (!_ear!.TryRead(out var packet))
            {
                Assert.True(_ear.Wait(PodSocket.Patience), $"{@case}: nothing arrives {when}");
                continue;
            }
            var text = Encoding.ASCII.GetString(packet.Transport);
            Assert.DoesNotContain(denied, tag => text.Contains(tag, StringComparison.Ordinal));
            if (text.Contains(control.Tag, StringComparison.Ordinal)) return;
        }
    }

    /// <summary>A packet with a source port of its own.</summary>
    public HeldSegment Segment(string from, string to)
    {
        var number = ++_numbers;
        var (source, destination, port) = (Address(from), Address(to), (ushort)(20_000 + number));
        var tag = $"held-{number:d4}!";
        byte[] payload = [.. new byte[Cut], .. Encoding.ASCII.GetBytes(tag)];
        var bytes = _protocol == ProtocolType.Tcp
            ? Craft.TcpTo(source, destination, port, 4444, flags: 2, 1000, 0, payload)
            : Craft.UdpTo(source, destination, port, 4444, payload);
        return new HeldSegment(source, destination, bytes, tag, (ushort)(700 + number));
    }

    /// <summary>
    /// Sends the first fragment, which the kernel keeps for a minute: a slow machine must not let go of it before the
    /// second one comes. What it waits for is said when it comes; the daemon sets the time back when it loads rules.
    /// </summary>
    public void SendFirst(HeldSegment segment, string from)
    {
        using (var node = OpenNode())
        {
            Sysctl.Write(node, new SysctlSetting("net/ipv4/ipfrag_time", "60"),
                new SysctlSetting("net/ipv6/ip6frag_time", "60"),
                new SysctlSetting("net/netfilter/nf_conntrack_frag6_timeout", "60"));
        }
        Send(from, Craft.Piece(segment.From, segment.To, (byte)_protocol, segment.Bytes, 0, Cut, segment.Id));
    }

    public void SendSecond(HeldSegment segment, string from) => Send(from, Craft.Piece(segment.From, segment.To,
        (byte)_protocol, segment.Bytes, Cut, segment.Bytes.Length, segment.Id));

    public void SendWhole(HeldSegment segment, string from) =>
        Send(from, Craft.Ip(segment.From, segment.To, (byte)_protocol, segment.Bytes));

    /// <summary>Sends something, and waits until one more packet has been dropped for this reason.</summary>
    public void AwaitDrop(string reason, string @case, Action send)
    {
        var before = Drops(reason);
        send();
        Assert.True(SpinWait.SpinUntil(() => Drops(reason) > before, PodSocket.Patience),
            $"{@case}: not dropped as {reason}");
    }

    public void Dispose()
    {
        _ear?.Dispose();
        Daemon.Dispose();
    }

    private long Drops(string reason) => long.Parse(
        InNetns.Exec(NodeName, "nft", $"list chain inet dataplane drop_{reason.Replace('-', '_')}")
            .Split("packets ")[1].Split(' ')[0], CultureInfo.InvariantCulture);

    private void Send(string from, byte[] packet)
    {
        using var pinned = CpuPinning.PinCurrentThread();
        using var netns = Open(from);
        using var injector = RawIpInjector.Open(netns, _family);
        Assert.True(injector.TrySend(packet, out var errno), $"{from} cannot send: errno {errno}");
    }

    private string NodeName => _host?.Netns.Name ?? Daemon.NodeName;

    private Netns OpenNode() => Netns.Open(NodeName);

    private Netns Open(string end) => end switch
    {
        Node => OpenNode(),
        Router => Netns.Open(_host!.RouterName),
        _ => Netns.Open(Pod(end).Netns!),
    };

    private IPAddress Address(string end) => (end, _family == AddressFamily.InterNetwork) switch
    {
        (Node, true) => NodeOptions.Default.GatewayIPv4,
        (Node, false) => NodeOptions.Default.GatewayIPv6,
        (Router, true) => FakeHost.Router,
        (Router, false) => FakeHost.Router6,
        (_, true) => IPAddress.Parse(Pod(end).IPv4!),
        (_, false) => IPAddress.Parse(Pod(end).IPv6!),
    };

    private PodEntry Pod(string name) =>
        Daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.Single(p => p.Name == name);
}
