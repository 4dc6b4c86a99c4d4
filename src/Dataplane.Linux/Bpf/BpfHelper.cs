namespace Dataplane.Linux.Bpf;

/// <summary>The kernel's stable functions for programs: BPF_FUNC_* (linux/bpf.h, ___BPF_FUNC_MAPPER).</summary>
public enum BpfHelper
{
    /// <summary>R1 map, R2 address of the key. Returns the address of the value, or 0.</summary>
    MapLookup = 1,

    /// <summary>R1 map, R2 address of the key, R3 address of the value, R4 flags.</summary>
    MapUpdate = 2,

    /// <summary>R1 context, R2 protocol of the tag as it travels, R3 tag. Returns 0, or an error below 0.</summary>
    SkbVlanPush = 18,

    /// <summary>
    /// R1 context, R2 offset in the packet, R3 where to, R4 how many bytes. Returns 0, or an error below 0.
    /// </summary>
    SkbLoadBytes = 26,

    /// <summary>R1 context, R2 the type of the packet (PACKET_HOST and so on, linux/if_packet.h).</summary>
    SkbChangeType = 32,

    /// <summary>The kernel's count of ticks. No arguments.</summary>
    Jiffies = 118,

    /// <summary>
    /// R1 interface index, R2 flags. Returns what the program is to return, so that the frame arrives at the far end of
    /// this veth pair, in its namespace, at once. Linux 5.10.
    /// </summary>
    RedirectPeer = 155,

    /// <summary>CLOCK_MONOTONIC in nanoseconds, exact to a tick of the kernel. No arguments. Linux 5.11.</summary>
    KtimeGetCoarse = 160,
}
