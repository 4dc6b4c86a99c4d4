using System.Net.Sockets;
using Dataplane.Node.Verification;
using Dataplane.Policy;

namespace Dataplane.Node.Live;

/// <summary>
/// A node that lives longer than the process: named namespaces, tables that persist. Opening it adopts what is there. One thread
/// at a time; disposing closes our descriptors and leaves everything enforced.
/// </summary>
public sealed class LiveNode : IDisposable
{
    /// <exception cref="NodeBusyException">Another process has this node open.</exception>
    /// <exception cref="Linux.LinuxException">EPERM: not root.</exception>
    public static LiveNode Open(LiveNodeOptions options) => throw new NotImplementedException();

    /// <summary>It was there before.</summary>
    public bool Adopted => throw new NotImplementedException();

    /// <summary>False on kernels before 6.9: others can change our tables, and all we can do is repair.</summary>
    public bool IsOwner => throw new NotImplementedException();

    /// <summary>What is enforced; null before the first <see cref="Apply"/>.</summary>
    public Cluster? Enforced => throw new NotImplementedException();

    /// <summary>By name.</summary>
    public IReadOnlyList<LivePod> Pods => throw new NotImplementedException();

    /// <summary>
    /// Brings the machine to this state: attaches new pods (closed until programmed), one transaction for the rules, detaches old
    /// ones. After a refusal everything is as it was.
    /// </summary>
    /// <exception cref="Linux.LinuxException">The kernel refused; its own message.</exception>
    public LiveChange Apply(Cluster next, CancellationToken stop = default) => throw new NotImplementedException();

    /// <summary>The live connections that <see cref="Apply"/> of this state would cut. Changes nothing.</summary>
    public IReadOnlyList<CutConnection> WouldCut(Cluster next) => throw new NotImplementedException();

    /// <summary>Compares namespaces, links, addresses, routes, settings and tables with what should be, and mends what differs.</summary>
    public IReadOnlyList<Repair> Repair() => throw new NotImplementedException();

    /// <summary>
    /// Calls back, from a thread of its own, when somebody may have changed something of ours: netlink notifications, and a look
    /// at the settings twice a second. Our own changes may cause calls too. Ends with the disposal of what is returned.
    /// </summary>
    public IDisposable Watch(Action suspicion) => throw new NotImplementedException();

    /// <summary>Sends every probe between every pair of live endpoints, with the controls; leaves the pods' own connections alone.</summary>
    public VerifyReport Verify(IReadOnlyList<Probe> probes, AddressFamily? only, string? pcapFile, IProgress<VerifyProgress>? progress, CancellationToken stop) =>
        throw new NotImplementedException();

    /// <summary>Only these flows.</summary>
    public VerifyReport Verify(IReadOnlyList<Flow> flows, CancellationToken stop) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();

    /// <summary>Removes a node that no process has open: its pods, its namespace, and all that is in them.</summary>
    /// <exception cref="NodeBusyException">A process has it open.</exception>
    public static void Destroy(string name) => throw new NotImplementedException();
}

/// <summary>Another process has the node open.</summary>
public sealed class NodeBusyException(string message) : Exception(message);
