using System.Runtime.ExceptionServices;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
namespace Dataplane.Node.Network;

/// <summary>
/// Deletes ports that are out of service behind the caller's back, all that there are with one request. The kernel ends a deletion with a
/// wait for every callback that RCU still owes to anybody (rcu_barrier, net/core/dev.c, netdev_run_todo): that is most of what a
/// detached pod costs, and nobody is served by waiting along. Methods are for one thread.
/// </summary>
internal sealed class PortRemover(Netns netns) : IDisposable
{
    private readonly NetlinkSocket _route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
    private readonly Lock _gate = new();
    private readonly HashSet<int> _there = [];
    private readonly List<int> _gone = [];
    private Task _work = Task.CompletedTask;
    private bool _works;
    private LinuxException? _failure;

    /// <summary>So many ports may still be there.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _there.Count;
        }
    }

    /// <summary>Whether the port of this number may still be there.</summary>
    public bool Has(int number)
    {
        lock (_gate) return _there.Contains(number);
    }

    /// <summary>Numbers of ports that have gone since this was asked last.</summary>
    public IReadOnlyList<int> TakeGone()
    {
        lock (_gate)
        {
            if (_gone.Count == 0) return [];
            int[] gone = [.. _gone];
            _gone.Clear();
            return gone;
        }
    }

    /// <param name="numbers">Of ports that are down and in the group of those to be deleted.</param>
    public void Remove(IEnumerable<int> numbers)
    {
        lock (_gate) _there.UnionWith(numbers);
        Start();
    }

    /// <summary>Goes on where the kernel has refused.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_works || _there.Count == 0) return;
            _works = true;
            _work = Task.Run(Work);
        }
    }

    /// <exception cref="LinuxException">The kernel has refused since this was called last, and has not done it since. It is asked again, for all.</exception>
    public void ThrowFailure()
    {
        LinuxException? failure;
        lock (_gate) (failure, _failure) = (_failure, null);
        if (failure is null) return;
        Start();
        ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Until all have gone, or the kernel has refused once more.</summary>
    public void Wait()
    {
        Start();
        _work.Wait();
    }

    public void Dispose()
    {
        _work.Wait();
        _route.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            int[] numbers;
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
                PodDetacher.DeleteDoomed(_route);
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
