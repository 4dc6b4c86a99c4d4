using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Dataplane.Linux.Nftables;

/// <summary><c>struct nfgenmsg</c>, linux/netfilter/nfnetlink.h. The resource id is big-endian.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NfGenMsg(byte family, ushort resource = 0)
{
    public byte Family = family;
    public byte Version;
    public ushort ResourceBigEndian = BinaryPrimitives.ReverseEndianness(resource);
}
