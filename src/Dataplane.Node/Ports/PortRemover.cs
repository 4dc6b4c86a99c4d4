using System.Runtime.ExceptionServices;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;

namespace Dataplane.Node.Ports;

/// <summary>
/// Deletes ports that are out of service in the background, all of them with one request. The kernel ends a deletion
/// with a wait for all pending RCU callbacks of the machine (rcu_barrier, net/core/dev.c, netdev_run_todo): that is
/// most of the cost of detaching a pod, and no caller needs to wait for it. Methods are for one thread.
/// </summary>
internal sealed class PortRemover(Netns netns) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<PortNumber> _there = [];
    private readonly List<PortNumber> _gone = [];
    private NetlinkSocket? _route;
    private Task _work = Task.CompletedTask;
    private bool _works;
    private LinuxException? _failure;

    /// <summary>The number of ports that may still exist.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _there.Count;
        }
    }

    /// <summary>Whether the port of this number may still exist.</summary>
    public bool Has(PortNumber number)
    {
        lock (_gate) return _there.Contains(number);
    }

    /// <summary>Returns the numbers of ports that were deleted since the last call.</summary>
    public IReadOnlyList<PortNumber> TakeGone()
    {
        lock (_gate)
        {
            if (_gone.Count == 0) return [];
            PortNumber[] gone = [.. _gone];
            _gone.Clear();
            return gone;
        }
    }

    /// <summary>Deletes everything in the group of ports to be deleted. No such port is no error.</summary>
    /// <param name="route">An rtnetlink socket of the node's namespace.</param>
    public static void DeleteDoomed(NetlinkSocket route) => TolerantBatch.Commit(
        route, "delete ports", static batch => Links.DeleteGroup(batch, NodeLayout.DoomedGroup));

    /// <summary>Begins to delete ports.</summary>
    /// <param name="numbers">Of ports that are down and in the group of those to be deleted.</param>
    public void Remove(IEnumerable<PortNumber> numbers)
    {
        _route ??= NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        lock (_gate) _there.UnionWith(numbers);
        Start();
    }

    /// <summary>Begins again where the kernel has refused.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_works || _there.Count == 0) return;
            _works = true;
            _work = Task.Run(Work);
        }
    }

    /// <summary>
    /// Reports a refusal of the kernel since the last call, and begins again with all ports that are left.
    /// </summary>
    /// <exception cref="LinuxException">The refusal; nothing of it has succeeded since.</exception>
    public void ThrowFailure()
    {
        LinuxException? failure;
        lock (_gate) (failure, _failure) = (_failure, null);
        if (failure is null) return;
        Start();
        ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Waits until all are deleted, or the kernel has refused once more.</summary>
    public void Wait()
    {
        Start();
        _work.Wait();
    }

    public void Dispose()
    {
        _work.Wait();
        _route?.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            PortNumber[] numbers;
            lock (_gate)
            {
                if (_there.Count == 0)
                {
                    (_works, _failure) = (false, null);
                    return;
                }
                numbers = [.. _there];
            }
            try
            {
                DeleteDoomed(_route!);
            }
            catch (LinuxException e)
            {
                lock (_gate) (_works, _failure) = (false, e);
                return;
            }
            lock (_gate)
            {
                _there.ExceptWith(numbers);
                _gone.AddRange(numbers);
            }
        }
    }
}
