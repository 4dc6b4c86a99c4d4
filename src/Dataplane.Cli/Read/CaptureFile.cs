using System.Runtime.InteropServices;
using Dataplane.Cli.Capture;
using Dataplane.Cli.Terminal;
using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace Dataplane.Cli.Read;

/// <summary>
/// A capture file, read frame by frame: classic pcap or pcapng, as libpcap reads it. Not thread-safe.
/// </summary>
internal sealed class CaptureFile : IDisposable
{
    // pcap_next_ex(3PCAP)
    private const int Read = 1, EndOfFile = -2;

    // struct pcap_pkthdr { struct timeval ts; bpf_u_int32 caplen, len; }: pcap/pcap.h. With nanoseconds in tv_usec, as
    // asked for.
    private static readonly int FractionOffset = nint.Size, CapturedOffset = 2 * nint.Size;
    private static readonly int LengthOffset = CapturedOffset + sizeof(uint);

    private readonly CaptureFileReaderDevice _device;
    private readonly string _path;
    private byte[] _frame = new byte[1 << 11];
    private int _captured;

    private CaptureFile(string path, CaptureFileReaderDevice device) =>
        (_path, _device, Link) = (path, device, device.LinkType);

    /// <summary>Link type of all frames of the file; libpcap refuses files with several.</summary>
    public LinkLayers Link { get; }

    /// <summary>Time of capture in nanoseconds since the Unix epoch.</summary>
    public long Nanoseconds { get; private set; }

    /// <summary>Length of the whole frame in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The captured bytes of the frame, valid until the next one is read.</summary>
    public ReadOnlySpan<byte> Frame => _frame.AsSpan(0, _captured);

    /// <param name="path">A file; - is standard input.</param>
    /// <exception cref="CommandFailure">libpcap is missing or cannot read the file, or the link type is not
    /// supported.</exception>
    public static CaptureFile Open(string path)
    {
        PcapLibrary.Require("read");
        var device = new CaptureFileReaderDevice(path);
        try
        {
            device.Open(new DeviceConfiguration { TimestampResolution = TimestampResolution.Nanosecond });
            if (!FrameDecoder.Knows(device.LinkType))
            {
                throw Failure(
                    path, $"link type {device.LinkType}: only Ethernet, raw IP and Linux cooked captures can be read");
            }
            return new CaptureFile(path, device);
        }
        catch (PcapException e)
        {
            device.Dispose();
            throw Failure(path, PcapLibrary.Words(e));
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next frame.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="CommandFailure">The file is damaged from here on, or ends in the middle.</exception>
    public bool Next()
    {
        nint header = 0, data = 0;
        switch (_device.GetNextPacketPointers(ref header, ref data))
        {
            case EndOfFile: return false;
            case Read: break;
            default: throw Failure(_path, _device.LastError);
        }
        var (seconds, fraction) = (Marshal.ReadIntPtr(header), Marshal.ReadIntPtr(header + FractionOffset));
        Nanoseconds = unchecked(seconds * 1_000_000_000L + fraction);
        // Some writers record a length of 0, or less than the captured length.
        _captured = Marshal.ReadInt32(header + CapturedOffset);
        Length = Math.Max(_captured, Marshal.ReadInt32(header + LengthOffset));
        if (_captured > _frame.Length) _frame = new byte[Math.Max(_captured, 2 * _frame.Length)];
        Marshal.Copy(data, _frame, 0, _captured);
        return true;
    }

    public void Dispose() => _device.Dispose();

    private static CommandFailure Failure(string path, string why) =>
        new(ExitCodes.Input, why.StartsWith(path, StringComparison.Ordinal) ? why : $"{path}: {why}");
}
