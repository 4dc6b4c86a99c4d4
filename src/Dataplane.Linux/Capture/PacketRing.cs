using System.Numerics;
using System.Runtime.InteropServices;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Linux.Capture;

/// <summary>
/// A memory-mapped AF_PACKET receive ring (Documentation/networking/packet_mmap.rst) of one interface or of all
/// interfaces of a namespace. TPACKET_V2, because every frame is readable the moment the kernel has written it
/// (measured: 2 us). TPACKET_V3 hands over a whole block when it is full or a timer has run out (1.0 ms, one in ten 2.1
/// ms), so "the ring is drained" would mean waiting for that timer after every batch of probes. Frames stay in order.
/// Not thread-safe: one reader.
/// </summary>
public sealed unsafe class PacketRing : IDisposable
{
    private const int BlockSize = 1 << 16;

    /// <summary>
    /// Kernel headers in front of the Ethernet header: TPACKET_ALIGN(TPACKET2_HDRLEN + 16) - ETH_HLEN.
    /// </summary>
    private const int FrameOverhead = 80 - EthernetView.HeaderLength;

    /// <summary>TPACKET_ALIGN(sizeof(struct tpacket2_hdr)): where the sockaddr_ll lies.</summary>
    private const int AddressOffset = 32;

    private readonly SafeFileHandle _socket;
    private readonly MappedMemory _memory;
    private readonly uint _mask;
    private readonly int _frameShift;
    private byte* _held;
    private uint _next;
    private CaptureStatistics _counted;

    private PacketRing(SafeFileHandle socket, MappedMemory memory, int frameCount, int frameSize)
    {
        _socket = socket;
        _memory = memory;
        _mask = (uint)frameCount - 1;
        _frameShift = BitOperations.Log2((uint)frameSize);
    }

    /// <param name="netns">Where to capture; null: here.</param>
    /// <param name="filter">Runs in the kernel, from the first frame on; what it returns is the snap length. See <see
    /// cref="CaptureFilter"/>.</param>
    /// <param name="index">The interface; none: all of the namespace, those added later too.</param>
    /// <param name="frameCount">Capacity, rounded up to a power of two. A frame takes the snap length and 66 bytes,
    /// rounded up to a power of two.</param>
    /// <param name="snapLength">No frame is kept beyond this many bytes, whatever the filter says; 20 to
    /// 65,470.</param>
    /// <exception cref="LinuxException">EPERM: not root. ENODEV: no such interface. ENOMEM: the ring is too
    /// large.</exception>
    public static PacketRing Open(Netns? netns, SockFilter[] filter, InterfaceIndex index = default,
        int frameCount = 1 << 15, int snapLength = ProbeFrame.SnapLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(snapLength, 20);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(snapLength, BlockSize - FrameOverhead);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frameCount);
        var frameSize = (int)BitOperations.RoundUpToPowerOf2((uint)(snapLength + FrameOverhead));
        var frames = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(frameCount, BlockSize / frameSize));
        var length = (nuint)frames * (nuint)frameSize;

        // Protocol 0: nothing is captured until the bind below, when filter and ring are in place.
        var socket = PacketSocket.Open(netns);
        MappedMemory? memory = null;
        try
        {
            PacketLibc.SetOption(
                socket, LibC.SOL_PACKET, LibC.PACKET_VERSION, PacketLibc.TPACKET_V2, "set PACKET_VERSION");
            PacketSocket.Attach(socket, filter);
            var request = new PacketLibc.tpacket_req
            {
                tp_block_size = BlockSize,
                tp_block_nr = (uint)(length / BlockSize),
                tp_frame_size = (uint)frameSize,
                tp_frame_nr = (uint)frames,
            };
            LinuxException.Check(
                HomeLibc.SetOption(socket, LibC.SOL_PACKET, LibC.PACKET_RX_RING, request), "set PACKET_RX_RING");
            memory = MappedMemory.Map(socket, length);
            PacketSocket.Bind(socket, index, PacketLibc.AllProtocols);
            return new PacketRing(socket, memory, frames, frameSize);
        }
        catch
        {
            memory?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The next frame, without waiting; false when the ring is empty. The frame read before goes back to the kernel.
    /// </summary>
    public bool TryRead(out CapturedFrame frame)
    {
        Release();
        var at = _memory.Pointer + ((nuint)(_next & _mask) << _frameShift);
        var header = (PacketLibc.tpacket2_hdr*)at;
        if ((Volatile.Read(ref header->tp_status) & PacketLibc.TP_STATUS_USER) == 0)
        {
            frame = default;
            return false;
        }

        _held = at;
        _next++;
        var address = (sockaddr_ll*)(at + AddressOffset);
        frame = new CapturedFrame(
            new ReadOnlySpan<byte>(at + header->tp_mac, (int)header->tp_snaplen),
            (int)header->tp_len,
            new(address->sll_ifindex),
            (PacketType)address->sll_pkttype,
            header->tp_sec * 1_000_000_000L + header->tp_nsec);
        return true;
    }

    /// <summary>
    /// Waits until a frame can be read; false when the time is over (or a signal came). -1 waits without end. Every
    /// frame that arrives while a thread waits here wakes it, which costs more than the frame: the reader of a steady
    /// stream sleeps a millisecond between two drains instead (measured: 80 ns a frame instead of 730, and a third of
    /// the load on the sender).
    /// </summary>
    /// <exception cref="LinuxException">ENETDOWN: the captured interface went down or away.</exception>
    public bool Wait(int timeoutMilliseconds)
    {
        Release();
        return PacketLibc.WaitReadable(_socket, timeoutMilliseconds, "wait for frames");
    }

    public CaptureStatistics Statistics()
    {
        LinuxException.Check(
            HomeLibc.GetOption(_socket, LibC.SOL_PACKET, LibC.PACKET_STATISTICS, out PacketLibc.tpacket_stats stats),
                "read PACKET_STATISTICS");
        _counted = new CaptureStatistics(_counted.Received + stats.tp_packets, _counted.Dropped + stats.tp_drops);
        return _counted;
    }

    public void Dispose()
    {
        _held = null;
        _memory.Dispose();
        _socket.Dispose();
    }

    private void Release()
    {
        ObjectDisposedException.ThrowIf(_memory.IsClosed, this);
        if (_held != null)
        {
            Volatile.Write(ref ((PacketLibc.tpacket2_hdr*)_held)->tp_status, PacketLibc.TP_STATUS_KERNEL);
            _held = null;
        }
    }

    /// <summary>Memory shared with the kernel. It may outlive the socket, so both can be closed in any order.</summary>
    private sealed class MappedMemory : SafeHandleMinusOneIsInvalid
    {
        private nuint _length;

        private MappedMemory() : base(ownsHandle: true) { }

        public byte* Pointer => (byte*)handle;

        public static MappedMemory Map(SafeFileHandle socket, nuint length)
        {
            var memory = new MappedMemory { _length = length };
            memory.SetHandle(
                HomeLibc.Map(length, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED | LibC.MAP_POPULATE, socket));
            return memory.IsInvalid ? throw new LinuxException("map a packet ring", Marshal.GetLastPInvokeError())
                : memory;
        }

        protected override bool ReleaseHandle() => HomeLibc.Unmap(handle, _length) == 0;
    }
}
