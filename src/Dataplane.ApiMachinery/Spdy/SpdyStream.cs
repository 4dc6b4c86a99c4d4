using System.IO.Pipelines;

namespace Dataplane.ApiMachinery.Spdy;

/// <summary>One stream of a connection, which the peer opened.</summary>
#pragma warning disable CA1001 // A source without a timer holds nothing that must be freed.
public sealed class SpdyStream
#pragma warning restore CA1001
{
    /// <summary>What may lie unread, in bytes; then the connection is not read on.</summary>
    private const int Unread = 64 << 10;

    private readonly SpdyConnection _connection;
    private readonly Pipe _input = new(new PipeOptions(
        pauseWriterThreshold: Unread, resumeWriterThreshold: Unread / 2, useSynchronizationContext: false));
    private readonly CancellationTokenSource _aborted = new();
    private int _ends;

    internal SpdyStream(SpdyConnection connection, uint id, IReadOnlyDictionary<string, string> headers) =>
        (_connection, Id, Headers) = (connection, id, headers);

    public uint Id { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>What the peer sends; it ends with the peer's last byte, or with an error where it took the stream back.
    /// </summary>
    public PipeReader Input => _input.Reader;

    /// <summary>The peer took the stream back, or its connection has ended.</summary>
    public CancellationToken Aborted => _aborted.Token;

    /// <exception cref="IOException">The connection has ended.</exception>
    public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop) =>
        _connection.WriteAsync(FrameHead.Data(Id, 0, bytes.Span), stop);

    /// <summary>Says that no more comes from this side.</summary>
    public async Task FinishAsync(CancellationToken stop)
    {
        await _connection.WriteAsync(FrameHead.Data(Id, FrameHead.Fin, default), stop);
        EndSide();
    }

    /// <summary>Ends the stream as one that this side cannot serve.</summary>
    public Task RefuseAsync(CancellationToken stop) => _connection.RefuseAsync(Id, stop);

    /// <summary>Whether the peer has said that no more comes.</summary>
    internal bool HasAll { get; private set; }

    internal async Task ReceiveAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop) =>
        await _input.Writer.WriteAsync(bytes, stop);

    /// <summary>The peer sends no more.</summary>
    internal void EndInput()
    {
        HasAll = true;
        _input.Writer.Complete();
        EndSide();
    }

    /// <summary>The stream is no more.</summary>
    internal void Abort()
    {
        _input.Writer.Complete(new IOException("the stream was taken back"));
        _aborted.Cancel();
    }

    private void EndSide()
    {
        if (Interlocked.Increment(ref _ends) == 2)
        {
            _connection.Forget(Id);
        }
    }
}
