using Dataplane.Linux.Bpf;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Rules.Guard;

namespace Dataplane.Node.Guard;

/// <summary>
/// Keeps the guard at the ports of a node (<see cref="GuardProgram"/>): loaded once, put at each port before the port
/// is up. It works without this process, and goes with the port. Ports of an earlier process keep theirs where it is
/// the same program; its counts are each port's own, so they need not be shared.
/// </summary>
internal sealed class PortGuard : IDisposable
{
    /// <summary>The guard of a node without real ports.</summary>
    public static readonly PortGuard None = new(null, null, null);

    /// <summary>Written once in the life of a process: reading the kernel's types is most of the work.</summary>
    private static readonly Lazy<BpfCode> Code = Assembled(isShared: false), SharedCode = Assembled(isShared: true);

    /// <summary>Whether this process has seen that the kernel takes programs at interfaces.</summary>
    private static volatile bool s_canAttach;

    private readonly BpfProgram? _program;
    private readonly BpfMap? _windows;

    private PortGuard(BpfProgram? program, BpfMap? windows, string? whyNot) =>
        (_program, _windows, WhyNot) = (program, windows, whyNot);

    public bool IsOn => _program is not null;

    /// <summary>Why the ports of this node have no guard; null: they have one, or there are none.</summary>
    public string? WhyNot { get; }

    /// <summary>Loads the program. A kernel that cannot have it is no error: see <see cref="WhyNot"/>.</summary>
    /// <param name="isWanted">False: as on such a kernel.</param>
    /// <param name="isShared">See <see cref="GuardProgram.Write"/>.</param>
    public static PortGuard Load(bool isWanted, bool isShared)
    {
        if (!isWanted) return new PortGuard(null, null, "it was not asked for");
        BpfMap? windows = null;
        BpfProgram? program = null;
        try
        {
            windows = BpfMap.Create(BpfMapKind.LruHash, GuardProgram.Windows, GuardProgram.WindowKey,
                GuardProgram.WindowValue, GuardProgram.MostPorts);
            program = BpfProgram.Load(GuardProgram.Name, (isShared ? SharedCode : Code).Value, windows);
            if (!s_canAttach) TryToAttach(program);
            s_canAttach = true;
            return new PortGuard(program, windows, null);
        }
        catch (Exception e) when (e is LinuxException or KernelLacksException)
        {
            program?.Dispose();
            windows?.Dispose();
            return new PortGuard(null, null, e.Message);
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
        var (tag, guarded) = (_program.Tag, new HashSet<InterfaceIndex>());
        using var batch = route.NewBatch();
        foreach (var port in ports) IngressFilters.Get(batch, port);
        route.Commit("ask ports for their guard", batch, (_, body) =>
        {
            var found = IngressFilters.Parse(body);
            if (found.Name == GuardProgram.Name && found.Tag == tag) guarded.Add(found.Index);
        }, Errno.ENOENT, Errno.EINVAL, Errno.ENODEV);
        return [.. ports.Where(p => !guarded.Contains(p))];
    }

    public void Dispose()
    {
        _program?.Dispose();
        _windows?.Dispose();
    }

    private static Lazy<BpfCode> Assembled(bool isShared) =>
        new(() => GuardProgram.Write(isShared).Assemble(KernelTypes.Read()));

    /// <exception cref="LinuxException">The kernel has no clsact or no filters of kind bpf.</exception>
    private static void TryToAttach(BpfProgram program)
    {
        using var netns = Netns.CreateAnonymous();
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        route.Commit("attach a BPF program to an interface",
            batch => IngressFilters.Put(batch, Links.Loopback, program.Handle, GuardProgram.Name));
    }
}
