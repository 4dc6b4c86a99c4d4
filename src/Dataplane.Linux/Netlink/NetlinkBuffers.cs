using System.Buffers;

namespace Dataplane.Linux.Netlink;

/// <summary>
/// Pooled buffers. A pool keeps what it is given, so the large buffers of a full load are left to the collector.
/// </summary>
internal static class NetlinkBuffers
{
    /// <summary>Size of the largest buffer that is pooled, in bytes.</summary>
    private const int LargestPooled = 256 * 1024;

    public static byte[] Rent(int length) =>
        length <= LargestPooled ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);

    public static void Return(byte[] buffer)
    {
        if (buffer.Length <= LargestPooled) ArrayPool<byte>.Shared.Return(buffer);
    }
}
