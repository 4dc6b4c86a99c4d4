using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Rtnetlink;

/// <summary>The program at the ingress of an interface.</summary>
/// <param name="Tag">A checksum of its instructions: bpf_prog_calc_tag, kernel/bpf/core.c.</param>
/// <param name="Id">Its number in the kernel.</param>
public readonly record struct IngressFilterInfo(InterfaceIndex Index, string Name, ulong Tag, uint Id);

/// <summary>
/// One BPF program at the ingress of an interface, which sees each frame before anything else does (a clsact qdisc with
/// a filter of kind bpf, tc-bpf(8)). It stays when its process ends, and goes with the interface. tcx, the newer way to
/// the same place, waits for an RCU grace period at each interface, with the RTNL lock held (tcx_entry_sync): 15 ms on
/// a busy machine, where this takes 0.07 ms. Each method appends messages to the batch; the caller sends.
/// </summary>
public static class IngressFilters
{
    /// <summary>An arbitrary priority that other programs are unlikely to use, and the only filter there.</summary>
    private const uint Priority = 244, Handle = 1;

    /// <summary>ETH_P_ALL in network order.</summary>
    private const uint AllProtocols = 0x0300;

    private const uint Clsact = Tc.TC_H_CLSACT & 0xffff_0000, Ingress = Clsact | Tc.TC_H_MIN_INGRESS;

    /// <summary>
    /// Puts the program there, in the place of another one of ours. EINVAL: an ingress qdisc of others.
    /// </summary>
    public static void Put(NetlinkWriter writer, InterfaceIndex index, SafeFileHandle program, string name)
    {
        writer.Begin(Tc.RTM_NEWQDISC, Request.CreateOrReplace, new tcmsg
        {
            tcm_ifindex = index.Value, tcm_handle = Clsact, tcm_parent = Tc.TC_H_CLSACT,
        });
        writer.String(Tc.TCA_KIND, "clsact");
        writer.End();
        Begin(writer, Tc.RTM_NEWTFILTER, Request.CreateOrReplace, index);
        var options = writer.Open(Tc.TCA_OPTIONS);
        writer.U32(Tc.TCA_BPF_FD, (uint)program.DangerousGetHandle());
        writer.String(Tc.TCA_BPF_NAME, name);
        writer.U32(Tc.TCA_BPF_FLAGS, Tc.TCA_BPF_FLAG_ACT_DIRECT);
        writer.Close(options);
        writer.End();
    }

    /// <summary>ENOENT, EINVAL: there is none.</summary>
    public static void Delete(NetlinkWriter writer, InterfaceIndex index)
    {
        Begin(writer, Tc.RTM_DELTFILTER, Request.Change, index);
        writer.End();
    }

    /// <summary>
    /// Asks for the program; the answer is an RTM_NEWTFILTER for <see cref="Parse"/>. ENOENT, EINVAL: there is none.
    /// </summary>
    public static void Get(NetlinkWriter writer, InterfaceIndex index)
    {
        Begin(writer, Tc.RTM_GETTFILTER, NetlinkFlags.Request, index);
        writer.End();
    }

    /// <summary>Reads an RTM_NEWTFILTER body.</summary>
    /// <exception cref="InvalidDataException">It is cut short.</exception>
    public static IngressFilterInfo Parse(ReadOnlySpan<byte> body)
    {
        var found = new IngressFilterInfo(new(MessageReader.Header<tcmsg>(body).tcm_ifindex), "", 0, 0);
        var attributes = MessageReader.Attributes<tcmsg>(body);
        while (attributes.Read())
        {
            if (attributes.Type != Tc.TCA_OPTIONS) continue;
            var options = attributes.Nested();
            while (options.Read())
            {
                found = options.Type switch
                {
                    Tc.TCA_BPF_NAME => found with { Name = options.String() },
                    Tc.TCA_BPF_TAG => found with { Tag = options.Struct<ulong>() },
                    Tc.TCA_BPF_ID => found with { Id = options.U32() },
                    _ => found,
                };
            }
        }
        return found;
    }

    private static void Begin(NetlinkWriter writer, ushort type, ushort flags, InterfaceIndex index)
    {
        writer.Begin(type, flags, new tcmsg
        {
            tcm_ifindex = index.Value, tcm_handle = Handle, tcm_parent = Ingress,
            tcm_info = Priority << 16 | AllProtocols,
        });
        writer.String(Tc.TCA_KIND, "bpf");
    }
}
