using Dataplane.Linux.Files;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Cli.Terminal;

/// <summary>
/// Standard output or standard error if one of them is a terminal. The runtime's console streams would switch the
/// terminal's keypad mode before the first byte and not restore it. A closed reader (EPIPE) is not an error.
/// </summary>
internal sealed class OutputStream(int descriptor) : Stream
{
    private const int BrokenPipe = 32;

    private readonly FileStream _file = new(
        new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>True after a write failed with EPIPE.</summary>
    public bool ReaderIsGone { get; private set; }

    /// <summary>A stream that was closed when the process was started takes everything and keeps nothing.</summary>
    public static (Stream Output, Stream Error) OfThisProcess()
    {
        var (output, error) = (Open(1), Open(2));
        // Two streams to one file need the shared offset of write(2), which only the console streams use on files.
        var mayBeOneFile = Console.IsOutputRedirected && Console.IsErrorRedirected;
        return (
            mayBeOneFile && output is { _file.CanSeek: true } ? Console.OpenStandardOutput() : output ?? Null,
            mayBeOneFile && error is { _file.CanSeek: true } ? Console.OpenStandardError() : error ?? Null);

        static OutputStream? Open(int descriptor) =>
            InheritedDescriptor.Is(descriptor) ? new OutputStream(descriptor) : null;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _file.Write(buffer);
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            ReaderIsGone = true;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _file.Dispose();
        base.Dispose(disposing);
    }
}
