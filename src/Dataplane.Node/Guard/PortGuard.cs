using Dataplane.Linux.Bpf;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Rules.Guard;

namespace Dataplane.Node.Guard;

/// <summary>
/// Keeps the guard at the ports of a node (<see cref="GuardProgram"/>): loaded once, attached to each port before the
/// port is up. It works without this process, and goes with the port. Ports of an earlier process keep theirs where it
/// is the same program; its counts are each port's own, so they need not be shared.
/// </summary>
internal sealed class PortGuard : IDisposable
{
    /// <summary>The guard of a node without real ports.</summary>
    public static readonly PortGuard None = new(null, null, null);

    /// <summary>Written once in the life of a process: reading the kernel's types is most of the work.</summary>
    private static readonly Lazy<BpfCode> Code = new(() => GuardProgram.Write().Assemble(KernelTypes.Read()));

    private readonly BpfProgram? _program;
    private readonly BpfMap? _windows;

    /// <summary>Ids of programs in the kernel that are this one, also those that an earlier process has loaded.</summary>
    private readonly HashSet<uint> _known = [];

    private PortGuard(BpfProgram? program, BpfMap? windows, string? whyNot)
    {
        (_program, _windows, WhyNot) = (program, windows, whyNot);
        if (program is not null) _known.Add(program.Id);
    }

    public bool IsOn => _program is not null;

    /// <summary>Why the ports of this node have no guard; null: they have one, or there are none.</summary>
    public string? WhyNot { get; }

    /// <summary>Loads the program. A kernel that cannot have it is no error: see <see cref="WhyNot"/>.</summary>
    /// <param name="netns">The node's namespace.</param>
    /// <param name="isWanted">False: as on such a kernel.</param>
    public static PortGuard Load(Netns netns, bool isWanted)
    {
        if (!isWanted) return new PortGuard(null, null, "it was not asked for");
        BpfMap? windows = null;
        BpfProgram? program = null;
        try
        {
            // EINVAL: there is no tcx.
            PortPrograms.Query(netns, [Linux.Rtnetlink.Links.Loopback]);
            windows = BpfMap.Create(BpfMapKind.LruHash, GuardProgram.Windows, GuardProgram.WindowKey,
                GuardProgram.WindowValue, GuardProgram.MostPorts);
            program = BpfProgram.Load(GuardProgram.Name, Code.Value, windows);
            return new PortGuard(program, windows, null);
        }
        catch (Exception e) when (e is LinuxException or KernelLacksException)
        {
            program?.Dispose();
            windows?.Dispose();
            return new PortGuard(null, null, e.Message);
        }
    }

    /// <summary>Attaches the guard to new ports, which are still down.</summary>
    /// <exception cref="LinuxException">The kernel refused: the ports must not be used.</exception>
    public void Attach(Netns netns, IReadOnlyList<InterfaceIndex> ports)
    {
        if (_program is not null && ports.Count > 0) PortPrograms.Attach(netns, _program, ports);
    }

    /// <summary>The ports that exist and lack the guard: the bridge drops what comes from there.</summary>
    /// <exception cref="LinuxException">The kernel refused to tell.</exception>
    public IReadOnlyList<InterfaceIndex> Without(Netns netns, IReadOnlyList<InterfaceIndex> ports)
    {
        if (_program is null || ports.Count == 0) return [];
        var found = PortPrograms.Query(netns, ports);
        return [.. ports.Where((_, i) => found[i] is { } there && !there.Any(IsGuard))];
    }

    /// <summary>Gives a port that lacks it the guard, in the place of that of another version of this program.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Restore(Netns netns, InterfaceIndex port)
    {
        foreach (var id in PortPrograms.Query(netns, [port])[0] ?? [])
        {
            using var old = BpfProgram.TryOpen(id);
            if (old?.Name != GuardProgram.Name) continue;
            PortPrograms.Replace(netns, port, old, _program!);
            return;
        }
        PortPrograms.Attach(netns, _program!, port);
    }

    public void Dispose()
    {
        _program?.Dispose();
        _windows?.Dispose();
    }

    private bool IsGuard(uint id)
    {
        if (_known.Contains(id)) return true;
        using var there = BpfProgram.TryOpen(id);
        // The kernel does not give an id twice before it has given all others (bpf_prog_alloc_id).
        return there?.Tag == _program!.Tag && there.Name == GuardProgram.Name && _known.Add(id);
    }
}
