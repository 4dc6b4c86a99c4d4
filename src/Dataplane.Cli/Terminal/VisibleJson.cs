using System.Text;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Terminal;

/// <summary>
/// JSON in UTF-8 on its way to standard output. The writer has escaped what JSON forbids; here the other characters
/// that are not seen (<see cref="Visible"/>) become the same kind of escapes. They stand in strings only, so programs
/// read what was there.
/// </summary>
internal sealed class VisibleJson(Stream inner) : Stream
{
    private readonly Decoder _decoder = TerminalText.Utf8.GetDecoder();

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        const byte Delete = 0x7f;
        if (Ascii.IsValid(buffer) && !buffer.Contains(Delete))
        {
            inner.Write(buffer);
            return;
        }
        // A character may be in two buffers: the decoder keeps its first bytes.
        var text = new char[_decoder.GetCharCount(buffer, flush: false)];
        var length = _decoder.GetChars(buffer, text, flush: false);
        inner.Write(TerminalText.Utf8.GetBytes(Visible.Lines(text.AsSpan(0, length)) ?? new string(text, 0, length)));
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
