using System.Globalization;
using System.Net;
using Dataplane.Integration.Attacks;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Chaos;

/// <summary>Packets of one kind that must not be delivered.</summary>
/// <param name="Name">As nft takes it.</param>
/// <param name="Ends">Addresses of one family each: who sends, and to whom.</param>
internal sealed record DeniedKind(string Name, string Netns, IReadOnlyList<(IPAddress From, IPAddress To)> Ends,
    ushort Port);

/// <summary>
/// What the policies deny, all the time: a SYN and a datagram of each kind. The witness is a table of another program's
/// in the node, which counts what leaves by a port of the bridge.
/// </summary>
internal sealed class DeniedTraffic : IDisposable
{
    private const ushort Source = 30_000;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(4);

    private readonly string _node;
    private readonly List<(RawIpInjector Injector, byte[][] Packets)> _senders = [];
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private volatile Exception? _failure;
    private long _sent;

    public DeniedTraffic(string node, IReadOnlyList<DeniedKind> kinds)
    {
        _node = node;
        foreach (var kind in kinds)
        {
            using var netns = Netns.Open(kind.Netns);
            foreach (var family in kind.Ends.GroupBy(e => e.From.AddressFamily))
            {
                _senders.Add((RawIpInjector.Open(netns, family.Key), [.. family.SelectMany(e => new[]
                {
                    Craft.Ip(e.From, e.To, Craft.Udp,
                        Craft.UdpTo(e.From, e.To, Source, kind.Port, "denied"u8.ToArray())),
                    Craft.Ip(e.From, e.To, Craft.Tcp,
                        Craft.TcpTo(e.From, e.To, Source, kind.Port, flags: 2, 1000, 0, "denied"u8.ToArray())),
                })]));
            }
        }
        Watch(kinds);
        _thread = new Thread(() =>
        {
            try
            {
                while (!_stop.Wait(Pace)) SendAll();
            }
            catch (Exception e)
            {
                _failure = e;
            }
        })
        { IsBackground = true };
        _thread.Start();
    }

    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Packets of this kind that left by a port.</summary>
    public long Delivered(string kind)
    {
        Assert.True(_failure is null, $"denied traffic: {_failure}");
        return long.Parse(InNetns.Exec(_node, "nft", $"list counter bridge watch {kind}").Split("packets ")[1]
            .Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Sends no more, and takes the witness away.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        foreach (var (injector, _) in _senders) injector.Dispose();
        InNetns.Try(_node, "nft", "delete table bridge watch");
        _stop.Dispose();
    }

    private void Watch(IReadOnlyList<DeniedKind> kinds) => InNetns.Exec(_node, "nft", "-f -", $$"""
        table bridge watch {
            {{string.Join('\n', kinds.Select(k => $"counter {k.Name} {{ }}"))}}
            chain out { type filter hook postrouting priority 400; policy accept;
                {{string.Join('\n', kinds.SelectMany(k => k.Ends.Select(e => (Kind: k, e.From, e.To))).Select(w =>
                    $"{Ip(w.From)} saddr {w.From} {Ip(w.From)} daddr {w.To} th sport {Source} th dport {w.Kind.Port} "
                        + $"counter name {w.Kind.Name}"))}}
            }
        }
        """);

    private static string Ip(IPAddress address) => address.IsFour() ? "ip" : "ip6";

    private void SendAll()
    {
        foreach (var (injector, packets) in _senders)
        {
            foreach (var packet in packets)
            {
                Assert.True(injector.TrySend(packet, out var errno), $"cannot send: errno {errno}");
                _sent++;
            }
        }
    }
}
