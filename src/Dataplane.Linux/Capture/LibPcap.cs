using System.Runtime.InteropServices;

namespace Dataplane.Linux.Capture;

internal sealed class PcapHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibPcap.pcap_close(handle);
        return true;
    }
}

/// <summary>The part of libpcap we use, under its own names (pcap/pcap.h).</summary>
internal static unsafe partial class LibPcap
{
    public const int PCAP_ERRBUF_SIZE = 256, PCAP_TSTAMP_PRECISION_NANO = 1;
    public const uint PCAP_NETMASK_UNKNOWN = 0xffffffff;
    private const string Library = "pcap";

    static LibPcap() => NativeLibrary.SetDllImportResolver(typeof(LibPcap).Assembly, static (name, assembly, path) =>
    {
        // The soname is libpcap.so.1; Debian and its descendants kept libpcap.so.0.8.
        return name == Library
            && (NativeLibrary.TryLoad("libpcap.so.1", assembly, path, out var library) || NativeLibrary.TryLoad("libpcap.so.0.8", assembly, path, out library))
            ? library
            : 0;
    });

    /// <summary><c>struct pcap_pkthdr</c>; tv_usec holds nanoseconds where that precision was asked for.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct pcap_pkthdr
    {
        public nint tv_sec;
        public nint tv_usec;
        public uint caplen;
        public uint len;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct bpf_program
    {
        public uint bf_len;
        public SockFilter* bf_insns;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct pcap_stat
    {
        public uint ps_recv;
        public uint ps_drop;
        public uint ps_ifdrop;
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial PcapHandle pcap_create(string source, byte* error);

    [LibraryImport(Library)]
    public static partial int pcap_set_snaplen(PcapHandle p, int length);

    [LibraryImport(Library)]
    public static partial int pcap_set_promisc(PcapHandle p, int on);

    [LibraryImport(Library)]
    public static partial int pcap_set_timeout(PcapHandle p, int milliseconds);

    [LibraryImport(Library)]
    public static partial int pcap_set_buffer_size(PcapHandle p, int bytes);

    [LibraryImport(Library)]
    public static partial int pcap_set_tstamp_precision(PcapHandle p, int precision);

    [LibraryImport(Library)]
    public static partial int pcap_activate(PcapHandle p);

    [LibraryImport(Library)]
    public static partial int pcap_setnonblock(PcapHandle p, int on, byte* error);

    [LibraryImport(Library)]
    public static partial int pcap_get_selectable_fd(PcapHandle p);

    [LibraryImport(Library)]
    public static partial int pcap_next_ex(PcapHandle p, pcap_pkthdr** header, byte** data);

    [LibraryImport(Library)]
    public static partial int pcap_stats(PcapHandle p, pcap_stat* statistics);

    [LibraryImport(Library)]
    public static partial byte* pcap_geterr(PcapHandle p);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int pcap_compile(PcapHandle p, bpf_program* program, string filter, int optimize, uint netmask);

    [LibraryImport(Library)]
    public static partial int pcap_setfilter(PcapHandle p, bpf_program* program);

    [LibraryImport(Library)]
    public static partial void pcap_freecode(bpf_program* program);

    [LibraryImport(Library)]
    public static partial void pcap_close(nint p);
}
