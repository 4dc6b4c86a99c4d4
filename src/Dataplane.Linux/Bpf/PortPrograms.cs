using System.Runtime.InteropServices;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;

namespace Dataplane.Linux.Bpf;

/// <summary>
/// Programs at the ingress of interfaces (tcx, Linux 6.6): they see each frame before anything else does. Attached
/// without a link, a program stays when its process ends, and goes with the interface (kernel/bpf/tcx.c).
/// </summary>
public static unsafe class PortPrograms
{
    /// <summary>The kernel allows 64 programs at one place (BPF_MPROG_MAX, linux/bpf_mprog.h).</summary>
    private const int MostPrograms = 64;

    /// <summary>Attaches the program to each interface, behind programs that are there, in one visit.</summary>
    /// <exception cref="LinuxException">
    /// ENODEV: an interface is missing; EEXIST: it has this program; EINVAL: the kernel has no tcx. Those before it
    /// have the program.
    /// </exception>
    public static void Attach(Netns netns, BpfProgram program, params IReadOnlyList<InterfaceIndex> ports) =>
        Do(netns, "attach a BPF program to", ports, BpfCommand.BPF_PROG_ATTACH, BpfCall.Number(program.Handle), 0, 0);

    /// <summary>Puts the program in the place of another one.</summary>
    /// <exception cref="LinuxException">ENOENT: the other one is not there.</exception>
    public static void Replace(Netns netns, InterfaceIndex port, BpfProgram old, BpfProgram program) => Do(netns,
        "replace a BPF program at", [port], BpfCommand.BPF_PROG_ATTACH, BpfCall.Number(program.Handle),
        BpfCommand.BPF_F_REPLACE, BpfCall.Number(old.Handle));

    /// <exception cref="LinuxException">ENOENT: it is not there.</exception>
    public static void Detach(Netns netns, InterfaceIndex port, BpfProgram program) => Do(netns,
        "detach a BPF program from", [port], BpfCommand.BPF_PROG_DETACH, BpfCall.Number(program.Handle), 0, 0);

    /// <summary>
    /// The ids of the programs of each interface, in the order in which they run; null: there is no such interface.
    /// </summary>
    /// <exception cref="LinuxException">EINVAL: the kernel has no tcx.</exception>
    public static IReadOnlyList<uint[]?> Query(Netns netns, IReadOnlyList<InterfaceIndex> ports)
    {
        var found = new uint[]?[ports.Count];
        var (indexes, ids, counts) = (Numbers(ports), new uint[MostPrograms * ports.Count], new int[ports.Count]);
        netns.Run(() =>
        {
            fixed (uint* to = ids)
            {
                for (var i = 0; i < counts.Length; i++)
                {
                    var query = new BpfAttributes.Query
                    {
                        Interface = indexes[i], Place = BpfCommand.TcxIngress,
                        Programs = to + i * MostPrograms, Count = MostPrograms,
                    };
                    var result = Libc.bpf(BpfCommand.BPF_PROG_QUERY, &query, (nuint)sizeof(BpfAttributes.Query));
                    counts[i] = result < 0 ? -Marshal.GetLastPInvokeError() : query.Count;
                }
            }
            return 0;
        });
        for (var i = 0; i < found.Length; i++)
        {
            found[i] = counts[i] switch
            {
                // No program has ever been there.
                -Errno.ENOENT => [],
                -Errno.ENODEV => null,
                < 0 and var error =>
                    throw new LinuxException($"ask for the BPF programs of interface {ports[i]}", -error),
                var count => ids[(i * MostPrograms)..(i * MostPrograms + count)],
            };
        }
        return found;
    }

    private static void Do(Netns netns, string what, IReadOnlyList<InterfaceIndex> ports, int command, int program,
        int flags, int replaced)
    {
        var (indexes, failed) = (Numbers(ports), 0);
        var error = netns.Run(() =>
        {
            for (; failed < indexes.Length; failed++)
            {
                var attach = new BpfAttributes.Attach
                {
                    Interface = indexes[failed], Program = program, Place = BpfCommand.TcxIngress, Flags = flags,
                    Replaced = replaced,
                };
                if (Libc.bpf(command, &attach, (nuint)sizeof(BpfAttributes.Attach)) < 0)
                    return Marshal.GetLastPInvokeError();
            }
            return 0;
        });
        if (error != 0) throw new LinuxException($"{what} interface {ports[failed]}", error);
    }

    /// <summary>Plain numbers, so that nothing but system calls happens in the other namespace.</summary>
    private static int[] Numbers(IReadOnlyList<InterfaceIndex> ports) => [.. ports.Select(p => p.Value)];
}
