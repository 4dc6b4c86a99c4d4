using Dataplane.Linux.Bpf;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Rules.Guard;
using Short = Dataplane.Node.ShortWay.ShortWay;

namespace Dataplane.Node.Guard;

/// <summary>
/// Keeps the guard at the ports of a node (<see cref="GuardProgram"/>): loaded once, put at each port before the port
/// is up. It works without this process, and goes with the port. Ports of an earlier process keep theirs where it is
/// the same program: its counts are each port's own, so they need not be shared. With a short way they do not: theirs
/// asks the maps of the earlier process.
/// </summary>
internal sealed class PortGuard : IDisposable
{
    /// <summary>The guard of a node without real ports.</summary>
    public static readonly PortGuard None = new(null, null, Short.Make("the node is simulated"), null);

    /// <summary>Written once in the life of a process: reading the kernel's types is most of the work.</summary>
    private static readonly Lazy<BpfCode> Code = Assembled(isShared: false), SharedCode = Assembled(isShared: true),
        ShortCode = Assembled(isShared: false, hasShortWay: true);

    /// <summary>Whether this process has seen that the kernel takes programs at interfaces.</summary>
    private static volatile bool s_canAttach;

    private readonly BpfProgram? _program;
    private readonly BpfMap? _windows;

    private PortGuard(BpfProgram? program, BpfMap? windows, Short shortWay, string? whyNot)
    {
        (_program, _windows, ShortWay, WhyNot) = (program, windows, shortWay, whyNot);
        if (whyNot is not null && shortWay.IsOn) shortWay.TurnOff($"the ports have no guard: {whyNot}");
    }

    public bool IsOn => _program is not null;

    /// <summary>Why the ports of this node have no guard; null: they have one, or there are none.</summary>
    public string? WhyNot { get; }

    /// <summary>The program's other half: what established connections may do.</summary>
    public Short ShortWay { get; }

    /// <summary>Loads the program. A kernel that cannot have it is no error: see <see cref="WhyNot"/>.</summary>
    /// <param name="isWanted">False: as on such a kernel.</param>
    /// <param name="isShared">See <see cref="GuardProgram.Write"/>.</param>
    /// <param name="shortWay">Turned off where the kernel does not take its part of the program.</param>
    public static PortGuard Load(bool isWanted, bool isShared, Short shortWay)
    {
        if (!isWanted) return new PortGuard(null, null, shortWay, "it was not asked for");
        BpfMap? windows = null;
        BpfProgram? program = null;
        try
        {
            windows = BpfMap.Create(BpfMapKind.LruHash, GuardProgram.Windows, GuardProgram.WindowKey,
                GuardProgram.WindowValue, GuardProgram.MostPorts);
            program = WithShortWay(windows, shortWay)
                ?? BpfProgram.Load(GuardProgram.Name, (isShared ? SharedCode : Code).Value, windows);
            if (!s_canAttach) TryToAttach(program);
            s_canAttach = true;
            return new PortGuard(program, windows, shortWay, null);
        }
        catch (Exception e) when (e is LinuxException or KernelLacksException)
        {
            program?.Dispose();
            windows?.Dispose();
            return new PortGuard(null, null, shortWay, e.Message);
        }
    }

    /// <summary>Puts the guard at new ports, which are still down, or at one that has lost it.</summary>
    /// <param name="batch">Of the node's namespace.</param>
    public void Put(NetlinkWriter batch, InterfaceIndex port)
    {
        if (_program is not null) IngressFilters.Put(batch, port, _program.Handle, GuardProgram.Name);
    }

    /// <summary>The ports that exist and lack the guard: the bridge drops what comes from there.</summary>
    /// <param name="route">An rtnetlink socket of the node's namespace.</param>
    /// <exception cref="LinuxException">The kernel refused to tell.</exception>
    public IReadOnlyList<InterfaceIndex> Without(NetlinkSocket route, IReadOnlyList<InterfaceIndex> ports)
    {
        if (_program is null || ports.Count == 0) return [];
        var guarded = new HashSet<InterfaceIndex>();
        using var batch = route.NewBatch();
        foreach (var port in ports) IngressFilters.Get(batch, port);
        route.Commit("ask ports for their guard", batch, (_, body) =>
        {
            var found = IngressFilters.Parse(body);
            if (found.Name == GuardProgram.Name && IsOurs(found)) guarded.Add(found.Index);
        }, Errno.ENOENT, Errno.EINVAL, Errno.ENODEV);
        return [.. ports.Where(p => !guarded.Contains(p))];
    }

    public void Dispose()
    {
        _program?.Dispose();
        _windows?.Dispose();
        ShortWay.Dispose();
    }

    private bool IsOurs(in IngressFilterInfo found) =>
        ShortWay.IsOn ? found.Id == _program!.Id : found.Tag == _program!.Tag;

    private static Lazy<BpfCode> Assembled(bool isShared, bool hasShortWay = false) =>
        new(() => GuardProgram.Write(isShared, hasShortWay).Assemble(KernelTypes.Read()));

    /// <summary>Null: it is not wanted, or the kernel does not take it.</summary>
    private static BpfProgram? WithShortWay(BpfMap windows, Short shortWay)
    {
        if (!shortWay.IsOn) return null;
        try
        {
            return BpfProgram.Load(GuardProgram.Name, ShortCode.Value, [windows, .. shortWay.Maps]);
        }
        // The kernel's functions for it are not promised to stay as they are.
        catch (Exception e) when (e is LinuxException or KernelLacksException)
        {
            shortWay.TurnOff(e.Message);
            return null;
        }
    }

    /// <exception cref="LinuxException">The kernel has no clsact or no filters of kind bpf.</exception>
    private static void TryToAttach(BpfProgram program)
    {
        using var netns = Netns.CreateAnonymous();
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        route.Commit("attach a BPF program to an interface",
            batch => IngressFilters.Put(batch, Links.Loopback, program.Handle, GuardProgram.Name));
    }
}
