using System.Runtime.InteropServices;
using System.Text;
using Dataplane.Linux.Namespaces;
using SharpPcap;
using SharpPcap.LibPcap;

namespace Dataplane.Integration.Capture;

/// <summary>
/// A capture by libpcap, through SharpPcap, on an interface of another namespace: a witness that shares no code with
/// our ring. The handle is made and configured at home; only <c>pcap_activate</c>, which opens the sockets, runs in the
/// namespace. SharpPcap's own ways in are not taken there: its list of devices runs managed code in the namespace, its
/// capture loop starts threads.
/// </summary>
internal sealed partial class PcapWitness : PcapDevice
{
    private const int ErrorBufferSize = 256, NanosecondPrecision = 1, SnapLength = 1024;
    private const string Library = "pcap";

    static PcapWitness() =>
        NativeLibrary.SetDllImportResolver(typeof(PcapWitness).Assembly, static (name, assembly, path) =>
            // The soname is libpcap.so.1; Debian and its descendants kept libpcap.so.0.8.
            name == Library && (NativeLibrary.TryLoad("libpcap.so.0.8", assembly, path, out var library)
                || NativeLibrary.TryLoad("libpcap.so.1", assembly, path, out library))
                ? library : 0);

    /// <exception cref="IOException">No permission, or no such interface: libpcap's words.</exception>
    public PcapWitness(Netns netns, string device)
        : base(null)
    {
        var error = new byte[ErrorBufferSize];
        var handle = new OwnHandle(pcap_create(device, error));
        if (handle.IsInvalid) throw new IOException(Encoding.UTF8.GetString(error).TrimEnd('\0'));
        Handle = handle;
        var pcap = handle.DangerousGetHandle();
        _ = pcap_set_snaplen(pcap, SnapLength);
        _ = pcap_set_immediate_mode(pcap, 1);
        _ = pcap_set_tstamp_precision(pcap, NanosecondPrecision);
        // A positive answer is a warning.
        if (netns.Run(() => pcap_activate(pcap)) < 0) throw new IOException(LastError);
        if (pcap_setnonblock(pcap, 1, error) < 0) throw new IOException(LastError);
        Name = device;
    }

    public override string Name { get; } = "";

    public override string Description => "a witness";

    public override ICaptureStatistics? Statistics => null;

    /// <summary>The next frame, without waiting; null where there is none.</summary>
    /// <exception cref="IOException">The interface went down or away.</exception>
    public (byte[] Data, long Nanoseconds)? TryRead()
    {
        nint header = 0, data = 0;
        switch (GetNextPacketPointers(ref header, ref data))
        {
            case 0: return null;
            case 1: break;
            default: throw new IOException(LastError);
        }
        var length = PcapHeader.FromPointer(header, TimestampResolution.Nanosecond).CaptureLength;
        var frame = new byte[length];
        Marshal.Copy(data, frame, 0, frame.Length);
        return (frame, Marshal.ReadInt64(header) * 1_000_000_000L + Marshal.ReadInt64(header + sizeof(long)));
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint pcap_create(string source, byte[] error);

    [LibraryImport(Library)]
    private static partial int pcap_set_snaplen(nint pcap, int length);

    [LibraryImport(Library)]
    private static partial int pcap_set_immediate_mode(nint pcap, int on);

    [LibraryImport(Library)]
    private static partial int pcap_set_tstamp_precision(nint pcap, int precision);

    [LibraryImport(Library)]
    private static partial int pcap_activate(nint pcap);

    [LibraryImport(Library)]
    private static partial int pcap_setnonblock(nint pcap, int on, byte[] error);

    private sealed class OwnHandle : PcapHandle
    {
        public OwnHandle(nint pcap) => SetHandle(pcap);
    }
}
