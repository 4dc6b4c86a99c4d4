using System.Diagnostics;
using System.Net;
using Dataplane.Linux.Bpf;
using Dataplane.Linux.Native;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Ports;
using Dataplane.Policy.Model;
using Dataplane.Rules.ShortWay;

namespace Dataplane.Node.ShortWay;

/// <summary>
/// What the short way of a node goes by (<see cref="ShortWayProgram"/>): the epoch, and the pods. It is closed until
/// the rules of an epoch are in force, while they change, and some seconds after this process has last seen them in the
/// kernel. Safe on any thread.
/// </summary>
internal sealed class ShortWay : IDisposable
{
    /// <summary>How long it stays open after the rules have been seen: they may be flushed when nobody looks.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>Twice as many addresses as a bridge can have pods: those that come are there before others go.</summary>
    private const int MostPods = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, PodEntry> _known = [];
    private readonly Dictionary<InterfaceIndex, int> _watched = [];
    private BpfMap? _node, _pods;
    private Lifetimes _lifetimes;
    private uint _epoch;

    private ShortWay(BpfMap? node, BpfMap? pods, string? whyNot) => (_node, _pods, WhyNot) = (node, pods, whyNot);

    /// <summary>Why all packets take the long way; null: those of established connections need not.</summary>
    public string? WhyNot { get; private set; }

    public bool IsOn => WhyNot is null;

    /// <summary>The maps of its program; none where it is off.</summary>
    public IReadOnlyList<BpfMap> Maps => IsOn ? [_node!, _pods!] : [];

    /// <summary>Makes the maps. A kernel that cannot have them is no error.</summary>
    /// <param name="whyNot">Why it is not wanted; null: it is.</param>
    public static ShortWay Make(string? whyNot)
    {
        if (whyNot is not null) return new ShortWay(null, null, whyNot);
        BpfMap? node = null;
        try
        {
            node = BpfMap.Create(BpfMapKind.Array, ShortWayProgram.Node, sizeof(int), NodeState.Bytes, 1);
            var pods = BpfMap.Create(BpfMapKind.Hash, ShortWayProgram.Pods, PodEntry.KeyBytes, PodEntry.Bytes, MostPods,
                isSparse: true);
            return new ShortWay(node, pods, null);
        }
        catch (LinuxException e)
        {
            node?.Dispose();
            return new ShortWay(null, null, e.Message);
        }
    }

    /// <summary>It cannot be had: no port has the program.</summary>
    public void TurnOff(string why)
    {
        Dispose();
        WhyNot = why;
    }

    /// <summary>All packets take the long way until <see cref="Open"/>. To be called before the rules change.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_epoch == 0) return;
            _epoch = 0;
            Write(0);
        }
    }

    /// <summary>
    /// Opens it, or keeps it open, for <see cref="Lease"/>. To be called when the rules of this epoch have been seen in
    /// the kernel, or loaded.
    /// </summary>
    /// <param name="epoch">The ct mark of the connections that these rules have judged.</param>
    public void Open(uint epoch)
    {
        lock (_lock)
        {
            if (_node is null || _lifetimes == default) return;
            _epoch = epoch;
            Write(Stopwatch.GetTimestamp() + (long)Lease.TotalNanoseconds);
        }
    }

    /// <summary>Reads how long conntrack keeps connections. Until then it stays closed.</summary>
    public void Learn(Netns node)
    {
        if (!IsOn) return;
        var lifetimes = Timeouts.Read(node);
        lock (_lock) _lifetimes = lifetimes;
    }

    /// <summary>These addresses are about to be another's, or nobody's.</summary>
    public void Leave(IEnumerable<IPAddress> addresses)
    {
        lock (_lock)
        {
            if (_pods is null) return;
            foreach (var address in addresses)
                if (_known.Remove(address)) _pods.Delete(PodEntry.Key(address));
        }
    }

    /// <summary>The pods are these, and their rules are in force.</summary>
    public void Follow(IReadOnlyList<Attachment> attachments)
    {
        lock (_lock)
        {
            if (_pods is null) return;
            var wanted = new Dictionary<IPAddress, PodEntry>();
            foreach (var attachment in attachments)
            {
                if (!Takes(attachment)) continue;
                var entry = new PodEntry(attachment.PortIndex, attachment.Mac);
                foreach (var address in attachment.Addresses) wanted[address] = entry;
            }
            foreach (var address in _known.Keys.Where(a => !wanted.ContainsKey(a)).ToList())
            {
                _known.Remove(address);
                _pods.Delete(PodEntry.Key(address));
            }
            foreach (var (address, entry) in wanted)
            {
                if (_known.TryGetValue(address, out var before) && before == entry) continue;
                _pods.Write(PodEntry.Key(address), entry.ToBytes());
                _known[address] = entry;
            }
        }
    }

    /// <summary>
    /// A port at which all packets are to be seen: its pod's take the long way until the result is disposed and
    /// <see cref="Follow"/> is called.
    /// </summary>
    public void Watch(InterfaceIndex port)
    {
        lock (_lock)
        {
            _watched[port] = _watched.GetValueOrDefault(port) + 1;
            if (_pods is null) return;
            foreach (var address in _known.Where(k => k.Value.Port == port).Select(k => k.Key).ToList())
            {
                _known.Remove(address);
                _pods.Delete(PodEntry.Key(address));
            }
        }
    }

    /// <summary>Nobody looks at the port any more, or one less.</summary>
    public void Unwatch(InterfaceIndex port)
    {
        lock (_lock)
        {
            if (_watched[port]-- == 1) _watched.Remove(port);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _node?.Dispose();
            _pods?.Dispose();
            (_node, _pods) = (null, null);
        }
    }

    /// <summary>
    /// Not the negative control, which no rule knows. Others' namespaces neither: who made them may have limits at the
    /// near end of the pair (tbf of the bandwidth plugin), which would be passed by.
    /// </summary>
    private bool Takes(Attachment attachment) => attachment is { Endpoint: PodEndpoint, IsForeign: false }
        && !attachment.PortIndex.IsNone && !_watched.ContainsKey(attachment.PortIndex);

    private void Write(long until) =>
        _node?.Write(stackalloc byte[sizeof(int)], new NodeState(_epoch, until, _lifetimes).ToBytes());
}
