using System.Buffers;

namespace Dataplane.Linux.Netlink;

/// <summary>Pooled buffers. A pool never forgets: what only a load of everything needs is left to the collector.</summary>
internal static class NetlinkBuffers
{
    /// <summary>Bytes.</summary>
    private const int LargestPooled = 256 * 1024;

    public static byte[] Rent(int length) => length <= LargestPooled ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);

    public static void Return(byte[] buffer)
    {
        if (buffer.Length <= LargestPooled) ArrayPool<byte>.Shared.Return(buffer);
    }
}
