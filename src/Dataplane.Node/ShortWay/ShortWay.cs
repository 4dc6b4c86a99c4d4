using System.Diagnostics;
using System.Net;
using Dataplane.Linux.Bpf;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
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

    /// <summary>More than the addresses of the pods that a bridge can have.</summary>
    private const int MostPods = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, PodEntry> _pods = [];
    private readonly Dictionary<InterfaceIndex, int> _watched = [];
    private BpfMap? _nodeMap, _podMap;
    private Lifetimes _lifetimes;
    private uint _epoch;

    private ShortWay(BpfMap? node, BpfMap? pods, string? whyNot) =>
        (_nodeMap, _podMap, WhyNot) = (node, pods, whyNot);

    /// <summary>Why all packets take the long way; null: those of established connections need not.</summary>
    public string? WhyNot { get; private set; }

    public bool IsOn => WhyNot is null;

    /// <summary>Some connections may take it, as far as this process has said.</summary>
    public bool IsOpen => Volatile.Read(ref _epoch) != 0;

    /// <summary>The maps of its program; none where it is off.</summary>
    public IReadOnlyList<BpfMap> Maps => IsOn ? [_nodeMap!, _podMap!] : [];

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
            if (_nodeMap is null || _lifetimes == default) return;
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
            foreach (var address in addresses)
                if (_pods.Remove(address)) Delete(address);
        }
    }

    /// <summary>A pod has this address, and its rules are in force.</summary>
    public void Enter(IPAddress address, PodEntry pod)
    {
        lock (_lock)
        {
            if (_pods.TryGetValue(address, out var before) && before == pod) return;
            _pods[address] = pod;
            Write(address, pod);
        }
    }

    /// <summary>
    /// All packets of the pod at this port are to be seen there: they take the long way until the result is disposed.
    /// </summary>
    public IDisposable Watch(InterfaceIndex port)
    {
        lock (_lock)
        {
            if (_watched.GetValueOrDefault(port) is var before && (_watched[port] = before + 1) == 1)
                foreach (var (address, _) in _pods.Where(p => p.Value.Port == port)) Delete(address);
        }
        return new Watched(this, port);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _nodeMap?.Dispose();
            _podMap?.Dispose();
            (_nodeMap, _podMap) = (null, null);
        }
    }

    private void Unwatch(InterfaceIndex port)
    {
        lock (_lock)
        {
            if (--_watched[port] > 0) return;
            _watched.Remove(port);
            foreach (var (address, pod) in _pods.Where(p => p.Value.Port == port)) Write(address, pod);
        }
    }

    private void Write(IPAddress address, PodEntry pod)
    {
        if (!_watched.ContainsKey(pod.Port)) _podMap?.Write(PodEntry.Key(address), pod.ToBytes());
    }

    /// <summary>It may be watched: then it is not there.</summary>
    private void Delete(IPAddress address) => _podMap?.Delete(PodEntry.Key(address));

    private void Write(long until) =>
        _nodeMap?.Write(stackalloc byte[sizeof(int)], new NodeState(_epoch, until, _lifetimes).ToBytes());

    private sealed class Watched(ShortWay shortWay, InterfaceIndex port) : IDisposable
    {
        private int _isDone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDone, 1) == 0) shortWay.Unwatch(port);
        }
    }
}
