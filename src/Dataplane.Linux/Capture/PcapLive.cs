using System.Runtime.InteropServices;
using System.Text;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Capture;

/// <summary>libpcap refused: the message is its own. <see cref="Code"/> is its PCAP_ERROR_* number, or 0.</summary>
public sealed class PcapException(string message, int code = 0) : IOException(message)
{
    /// <summary>PCAP_ERROR_*, pcap/pcap.h: -8 no permission, -5 no such device, -9 interface down.</summary>
    public int Code { get; } = code;
}

/// <summary>A frame from libpcap, seen in place: it must not be used after the next call on the capture.</summary>
public readonly ref struct PcapFrame
{
    internal PcapFrame(ReadOnlySpan<byte> data, int length, long timestamp)
    {
        Data = data;
        Length = length;
        TimestampNanoseconds = timestamp;
    }

    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Length of the whole frame in bytes.</summary>
    public int Length { get; }

    /// <summary>Nanoseconds since the Unix epoch.</summary>
    public long TimestampNanoseconds { get; }
}

/// <summary>
/// A capture for people: one interface, with a filter in tcpdump's language. libpcap fills whole blocks and hands them over when full or
/// after <c>Latency</c>; its immediate mode costs twenty times as much per packet and loses packets at half the rate. Not thread-safe.
/// </summary>
public sealed unsafe class PcapLive : IDisposable
{
    /// <summary>A frame waits at most this long, in milliseconds, for its block to be handed over.</summary>
    private const int Latency = 100;

    private const int BufferSize = 4 << 20;

    private readonly PcapHandle _pcap;
    private readonly SafeFileHandle _readable;

    private PcapLive(PcapHandle pcap)
    {
        _pcap = pcap;

        // libpcap's own descriptor, borrowed for poll: non-blocking reads and poll are the only way of waiting that always ends.
        _readable = new SafeFileHandle(LibPcap.pcap_get_selectable_fd(pcap), ownsHandle: false);
    }

    /// <param name="netns">The namespace of the interface; null: this one.</param>
    /// <param name="device">The interface by name; <c>any</c> captures all, with another link header.</param>
    /// <param name="filter">In the language of pcap-filter(7); null: everything. A word it takes for a host name is looked up by DNS.</param>
    /// <param name="snapLength">Bytes to keep of each frame.</param>
    /// <exception cref="PcapException">No permission, no such interface, or a filter that does not compile.</exception>
    /// <exception cref="DllNotFoundException">libpcap is not installed.</exception>
    public static PcapLive Open(Netns? netns, string device, string? filter = null, int snapLength = 262_144)
    {
        var pcap = Create(device);
        try
        {
            _ = LibPcap.pcap_set_snaplen(pcap, snapLength);
            _ = LibPcap.pcap_set_promisc(pcap, 1);
            _ = LibPcap.pcap_set_timeout(pcap, Latency);
            _ = LibPcap.pcap_set_buffer_size(pcap, BufferSize);
            _ = LibPcap.pcap_set_tstamp_precision(pcap, LibPcap.PCAP_TSTAMP_PRECISION_NANO);

            // Only this call opens sockets. A positive result is a warning, such as an interface without promiscuous mode.
            var code = netns is null ? LibPcap.pcap_activate(pcap) : netns.Run(() => LibPcap.pcap_activate(pcap));
            if (code < 0)
            {
                throw new PcapException($"capture on {device}: {Error(pcap)}", code);
            }

            var error = stackalloc byte[LibPcap.PCAP_ERRBUF_SIZE];
            if ((code = LibPcap.pcap_setnonblock(pcap, 1, error)) < 0)
            {
                throw new PcapException(Text(error), code);
            }

            if (filter is not null)
            {
                SetFilter(pcap, filter);
            }

            return new PcapLive(pcap);
        }
        catch
        {
            pcap.Dispose();
            throw;
        }
    }

    /// <summary>The next frame, without waiting; false when there is none.</summary>
    public bool TryRead(out PcapFrame frame)
    {
        LibPcap.pcap_pkthdr* header;
        byte* data;
        switch (LibPcap.pcap_next_ex(_pcap, &header, &data))
        {
            case 1:
                frame = new PcapFrame(new ReadOnlySpan<byte>(data, (int)header->caplen), (int)header->len, header->tv_sec * 1_000_000_000L + header->tv_usec);
                return true;
            case 0:
                frame = default;
                return false;
            case var code:
                throw new PcapException(Error(_pcap), code);
        }
    }

    /// <summary>Waits until frames may be there; false when the time is over (or a signal came). -1 waits without end.</summary>
    /// <exception cref="LinuxException">ENETDOWN: the captured interface went down or away.</exception>
    public bool Wait(int timeoutMilliseconds) => PacketLibc.WaitReadable(_readable, timeoutMilliseconds, "wait for frames");

    public CaptureStatistics Statistics()
    {
        LibPcap.pcap_stat stat;
        return LibPcap.pcap_stats(_pcap, &stat) < 0 ? throw new PcapException(Error(_pcap)) : new CaptureStatistics(stat.ps_recv, stat.ps_drop);
    }

    public void Dispose()
    {
        _readable.Dispose();
        _pcap.Dispose();
    }

    private static PcapHandle Create(string device)
    {
        var error = stackalloc byte[LibPcap.PCAP_ERRBUF_SIZE];
        var pcap = LibPcap.pcap_create(device, error);
        return pcap.IsInvalid ? throw new PcapException(Text(error)) : pcap;
    }

    private static void SetFilter(PcapHandle pcap, string filter)
    {
        LibPcap.bpf_program program;
        if (LibPcap.pcap_compile(pcap, &program, filter, 1, LibPcap.PCAP_NETMASK_UNKNOWN) < 0)
        {
            throw new PcapException($"filter '{filter}': {Error(pcap)}");
        }

        var code = LibPcap.pcap_setfilter(pcap, &program);
        LibPcap.pcap_freecode(&program);
        if (code < 0)
        {
            throw new PcapException(Error(pcap), code);
        }
    }

    private static string Error(PcapHandle pcap) => Text(LibPcap.pcap_geterr(pcap));

    private static string Text(byte* text) => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
