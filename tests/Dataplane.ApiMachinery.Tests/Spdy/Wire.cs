namespace Dataplane.ApiMachinery.Tests.Spdy;

/// <summary>A connection whose peer has said all it will say; keeps what is answered.</summary>
internal sealed class Wire(params byte[][] said) : Stream
{
    private readonly MemoryStream _said = new([.. said.SelectMany(b => b)]);

    public MemoryStream Answered { get; } = new();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>In single bytes, as the worst network cuts them.</summary>
    public override int Read(byte[] buffer, int offset, int count) => _said.Read(buffer, offset, Math.Min(count, 1));

    public override void Write(byte[] buffer, int offset, int count) => Answered.Write(buffer, offset, count);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
