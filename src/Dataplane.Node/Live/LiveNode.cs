using System.Net;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Native;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports;
using Dataplane.Node.Ports.Host;
using Dataplane.Node.Ports.Simulated;
using Dataplane.Node.Programming;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <summary>
/// A node that outlives the process: its namespaces have names and its tables persist. Opening it adopts what exists.
/// For one thread at a time; disposing closes descriptors and leaves everything enforced.
/// </summary>
public sealed partial class LiveNode : IDisposable
{
    /// <summary>Maximum length of a node's name, in characters.</summary>
    public const int MaxNameLength = 60;

    private readonly NodeLock _lock;
    private readonly NodePorts _node;
    private readonly RulesetProgrammer _programmer;
    private readonly Connections _connections;
    private readonly List<AdoptedPort> _unclaimed = [];

    /// <summary>Port numbers that an earlier process's tables may still name, until ours replace them.</summary>
    private readonly HashSet<PortNumber> _taken = [];

    /// <summary>Addresses of detached pods whose connections have not been deleted yet.</summary>
    private readonly HashSet<IPAddress> _unforgotten = [];

    private bool _namesSwept, _owned;

    /// <summary>
    /// Whether exactly the enforced pods are attached, and all parts of other pods have been removed.
    /// </summary>
    private bool _isWhole;
    private LivePods? _pods;
    private Attachment? _stranger;
    private Cluster? _enforced;

    private LiveNode(NodeLock @lock, NodePorts node, LiveNodeOptions options, bool adopted)
    {
        (_lock, _node, Adopted) = (@lock, node, adopted);
        _connections = new Connections(node);
        _programmer = new RulesetProgrammer(node, node.Plan.Shape with
        {
            ConnectionsPerPod = options.ConnectionsPerPod,
            ConnectionTable = _connections.Capacity ?? node.Plan.Shape.ConnectionTable,
            LoggedDropsPerSecond = options.LoggedDropsPerSecond,
        });
    }

    /// <summary>Its pods exist in the rules alone; see <see cref="NodeKind.Simulated"/>.</summary>
    public bool IsSimulated => _node is SimulatedPorts;

    /// <summary>Whether the node existed before it was opened.</summary>
    public bool Adopted { get; }

    /// <summary>
    /// False on kernels before 6.9: other processes can change the tables, and a change can only be repaired.
    /// </summary>
    public bool IsOwner => _programmer.IsOwner;

    /// <summary>
    /// Why the ports have no guard, so that fragments of pods are dropped; null: they have one.
    /// </summary>
    public string? NoGuard => _node.Guard.WhyNot;

    /// <summary>
    /// Why packets of established connections take the long way; null: they take the short one where they can.
    /// </summary>
    public string? NoShortWay => _node.ShortWay.WhyNot;

    /// <summary>The enforced state; null before the first <see cref="Apply"/>.</summary>
    public Cluster? Enforced => _enforced;

    /// <summary>The attached pods, sorted by name. The same list as long as none of them has changed.</summary>
    public IReadOnlyList<LivePod> Pods => (_pods ??= LivePods.Of(_node)).All;

    /// <summary>The live connections that <see cref="Apply"/> of this state would end. Changes nothing.</summary>
    public IReadOnlyList<CutConnection> WouldCut(Cluster next)
    {
        var live = _connections.Live();
        if (live.Count == 0) return [];
        var pods = new Dictionary<IPAddress, PodEndpoint>();
        foreach (var pod in next.Pods.Where(p => !p.IsHostNetwork))
            foreach (var address in NodePlan.AddressesOf(pod)) pods[address] = pod;
        return Named(_connections.Denied(live, next, pods.GetValueOrDefault));
    }

    /// <summary>The connections that are told of: what was closing already is ended without a word.</summary>
    private static List<CutConnection> Named(IEnumerable<(ConntrackEntry Entry, CutConnection Cut)> denied) =>
        [.. denied.Where(d => d.Entry.IsAlive).Select(d => d.Cut)];

    public void Dispose()
    {
        _drops?.Dispose();
        _connections.Dispose();
        _programmer.Dispose();
        _node.Dispose();
        _lock.Dispose();
    }

    /// <summary>Removes a node that no process has open: its pods, its namespace, and everything in them.</summary>
    /// <exception cref="NodeBusyException">A process has it open.</exception>
    /// <exception cref="LinuxException">EEXIST: the namespace of this name is no node.</exception>
    public static void Destroy(string name)
    {
        RequireName(name);
        using var @lock = NodeLock.Take(name);
        OwnNames.DeleteNode(name);
        @lock.Remove();
    }

    /// <summary>
    /// As <see cref="Destroy"/>, of a host node in the namespace of this process. Settings stay as they are.
    /// </summary>
    /// <exception cref="NodeBusyException">A process has it open.</exception>
    /// <exception cref="LinuxException">The bridge is another node's.</exception>
    public static void DestroyHost(string name)
    {
        RequireName(name);
        using var @lock = NodeLock.Take(name);
        HostRemoval.Remove(name);
        OwnNames.DeletePods(name);
        @lock.Remove();
    }

    /// <summary>
    /// Whether a node can have this name: 1 to <see cref="MaxNameLength"/> characters, none of which is '_', '/', a
    /// blank or a control character, and neither '.' nor '-' first: the name is an argument of other programs.
    /// </summary>
    public static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength && name[0] is not ('.' or '-')
        && !name.Any(c => c is PodNames.Joint or '/' || char.IsControl(c) || char.IsWhiteSpace(c));

    /// <summary>Whether a name below /run/netns is that of one of the node's pods.</summary>
    public static bool IsPod(string node, string netns) => PodNames.IsOf(node, netns);

    /// <summary>Whether a file in the directory of locks is one, by its name.</summary>
    public static bool IsLock(string path) => path.EndsWith(RunName.LockSuffix, StringComparison.Ordinal);

    private static void RequireName(string name)
    {
        if (!IsName(name))
        {
            throw new ArgumentException(
                $"'{name}' cannot name a node: 1 to {MaxNameLength} characters without '{PodNames.Joint}' and '/'",
                    nameof(name));
        }
    }
}

/// <summary>Another process has the node open.</summary>
public sealed class NodeBusyException(string message) : Exception(message);
