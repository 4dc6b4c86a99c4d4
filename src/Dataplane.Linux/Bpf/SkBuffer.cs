namespace Dataplane.Linux.Bpf;

/// <summary>
/// Where the fields of <c>struct __sk_buff</c> are (linux/bpf.h): the context of a program for frames. Unlike the
/// kernel's own struct, it does not change.
/// </summary>
public static class SkBuffer
{
    public const int Length = 0, PacketType = 4, Mark = 8, HasTag = 20, Interface = 40, Data = 76, DataEnd = 80,
        SegmentBytes = 176;
}
