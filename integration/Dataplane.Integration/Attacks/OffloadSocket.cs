using System.Buffers.Binary;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Node.Layout;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// A packet socket that says with each frame what the kernel is to do with it (PACKET_VNET_HDR, linux/if_packet.h).
/// </summary>
internal sealed unsafe class OffloadSocket : IDisposable
{
    private const int SOL_PACKET = 263, PACKET_VNET_HDR = 15;
    private readonly SafeFileHandle _socket;

    public OffloadSocket(Netns pod)
    {
        _socket = PacketSocket.Open(pod);
        PacketSocket.Bind(_socket, NodeLayout.PodInterface, 0);
        LinuxException.Check(HomeLibc.SetOption(_socket, SOL_PACKET, PACKET_VNET_HDR, 1), "set PACKET_VNET_HDR");
    }

    /// <returns>0, or the error number: the kernel has checks of its own.</returns>
    public int Send(Offload offload, byte[] frame)
    {
        var message = new byte[Offload.Bytes + frame.Length];
        offload.Write(message);
        frame.CopyTo(message, Offload.Bytes);
        fixed (byte* bytes = message)
        {
            return Libc.send(_socket, bytes, (nuint)message.Length, 0) >= 0 ? 0
                : System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        }
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary><c>struct virtio_net_hdr</c>, linux/virtio_net.h.</summary>
/// <param name="SumStart">From the beginning of the frame; null: nothing is to be summed.</param>
/// <param name="SumOffset">From <paramref name="SumStart"/>.</param>
/// <param name="Type">VIRTIO_NET_HDR_GSO_*; 0: not to be cut.</param>
/// <param name="Headers">The bytes of all headers.</param>
internal readonly record struct Offload(int? SumStart, int SumOffset, byte Type = 0, int SegmentBytes = 0,
    int Headers = 0)
{
    public const int Bytes = 10;

    public const byte Tcp4 = 1, UdpFragments = 3, Tcp6 = 4, Datagrams = 5;

    public void Write(Span<byte> to)
    {
        (to[0], to[1]) = ((byte)(SumStart is null ? 0 : 1), Type); // VIRTIO_NET_HDR_F_NEEDS_CSUM
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], (ushort)Headers);
        BinaryPrimitives.WriteUInt16LittleEndian(to[4..], (ushort)SegmentBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], (ushort)(SumStart ?? 0));
        BinaryPrimitives.WriteUInt16LittleEndian(to[8..], (ushort)SumOffset);
    }
}
