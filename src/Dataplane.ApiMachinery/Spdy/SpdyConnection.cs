using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.WebSockets;

namespace Dataplane.ApiMachinery.Spdy;

/// <summary>
/// The server's side of SPDY/3.1 as clients of Kubernetes speak it. They keep no windows (they neither send nor obey
/// WINDOW_UPDATE), so that nothing waits for one here: a stream whose reader is slow stops the reading of the
/// connection, and with it the sender. What is read is told to peers that do keep windows.
/// </summary>
/// <param name="transport">Stays the caller's.</param>
public sealed class SpdyConnection(Stream transport) : IDisposable
{
    /// <summary>Maximum number of streams at a time.</summary>
    public const int MaxStreams = 128;

    /// <summary>Maximum size of a control frame, in bytes.</summary>
    public const int MaxControl = 64 << 10;

    private const uint ProtocolError = 1, RefusedStream = 3;
    private const byte Unidirectional = 2;

    private readonly ConcurrentDictionary<uint, SpdyStream> _streams = [];
    private readonly SemaphoreSlim _writing = new(1);
    private readonly HeaderInflater _inflater = new();
    private readonly HeaderDeflater _deflater = new();
    private readonly byte[] _piece = new byte[16 << 10];
    private uint _last;

    /// <summary>Reads until the peer leaves.</summary>
    /// <param name="opened">Gets each stream after its reply; must not block.</param>
    /// <returns>Why the connection cannot go on; null: the peer has left.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/>.</exception>
    public async Task<string?> RunAsync(Action<SpdyStream> opened, CancellationToken stop)
    {
        try
        {
            var head = new byte[FrameHead.Bytes];
            while (await ReadHeadAsync(head, stop))
            {
                var frame = FrameHead.Parse(head);
                if (frame.Type is not null)
                {
                    await ControlAsync(frame, opened, stop);
                }
                else
                {
                    await DataAsync(frame, stop);
                }
            }

            return null;
        }
        catch (SpdyException e)
        {
            await SayGoAwayAsync(stop);
            return e.Message;
        }
        catch (EndOfStreamException)
        {
            return "a frame is cut";
        }
        catch (Exception e) when (e is IOException or WebSocketException)
        {
            return e.Message;
        }
        finally
        {
            foreach (var stream in _streams.Values)
            {
                stream.Abort();
            }
        }
    }

    public void Dispose() => _inflater.Dispose();

    internal async Task RefuseAsync(uint stream, CancellationToken stop)
    {
        Forget(stream);
        await WriteAsync(FrameHead.Frame(FrameType.RstStream, 0, Two(stream, RefusedStream)), stop);
    }

    internal void Forget(uint stream) => _streams.TryRemove(stream, out _);

    /// <param name="frame">A whole one.</param>
    internal Task WriteAsync(byte[] frame, CancellationToken stop) => WriteAsync(() => frame, stop);

    private async Task WriteAsync(Func<byte[]> frame, CancellationToken stop)
    {
        await _writing.WaitAsync(stop);
        try
        {
            await transport.WriteAsync(frame(), stop);
            await transport.FlushAsync(stop);
        }
        catch (WebSocketException e)
        {
            throw new IOException(e.Message, e);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task<bool> ReadHeadAsync(byte[] head, CancellationToken stop)
    {
        if (await transport.ReadAsync(head.AsMemory(0, 1), stop) == 0)
        {
            return false;
        }

        await transport.ReadExactlyAsync(head.AsMemory(1), stop);
        return true;
    }

    private async Task DataAsync(FrameHead frame, CancellationToken stop)
    {
        if (frame.Stream == 0 || frame.Stream > _last)
        {
            throw new SpdyException($"data of stream {frame.Stream}, which was never opened");
        }

        // One that has ended may still get what was on its way.
        _streams.TryGetValue(frame.Stream, out var stream);
        if (stream is { HasAll: true })
        {
            throw new SpdyException($"data of stream {frame.Stream} after its end");
        }

        for (var left = frame.Length; left > 0;)
        {
            var piece = _piece.AsMemory(0, Math.Min(left, _piece.Length));
            await transport.ReadExactlyAsync(piece, stop);
            left -= piece.Length;
            if (stream is not null)
            {
                await stream.ReceiveAsync(piece, stop);
            }
        }

        if (frame.Length > 0)
        {
            await WriteAsync(FrameHead.Frame(FrameType.WindowUpdate, 0, Two(0, (uint)frame.Length)), stop);
            await WriteAsync(
                FrameHead.Frame(FrameType.WindowUpdate, 0, Two(frame.Stream, (uint)frame.Length)), stop);
        }

        if (frame.IsLast)
        {
            stream?.EndInput();
        }
    }

    private async Task ControlAsync(FrameHead frame, Action<SpdyStream> opened, CancellationToken stop)
    {
        if (frame.Length > MaxControl)
        {
            throw new SpdyException($"a control frame is larger than {MaxControl} bytes");
        }

        var payload = new byte[frame.Length];
        await transport.ReadExactlyAsync(payload, stop);
        switch (frame.Type)
        {
            case FrameType.SynStream:
                await OpenAsync(frame, payload, opened, stop);
                break;
            case FrameType.SynReply or FrameType.Headers:
                // Headers are not used after the opening, but belong to what the inflater knows.
                Number(payload, 0);
                _inflater.Read(payload.AsMemory(4));
                break;
            case FrameType.RstStream:
                if (_streams.TryRemove(Number(payload, 0), out var stream))
                {
                    stream.Abort();
                }

                break;
            case FrameType.Ping when (Number(payload, 0) & 1) == 1:
                await WriteAsync(FrameHead.Frame(FrameType.Ping, 0, payload.AsSpan(0, 4)), stop);
                break;
            default:
                // The peer's windows, settings and farewell change nothing; it closes the transport itself.
                break;
        }
    }

    private async Task OpenAsync(
        FrameHead frame, byte[] payload, Action<SpdyStream> opened, CancellationToken stop)
    {
        const int Fixed = 10;
        var id = Number(payload, 0);
        if (id % 2 == 0 || id <= _last || id > int.MaxValue || payload.Length < Fixed
            || (frame.Flags & Unidirectional) != 0)
        {
            throw new SpdyException($"stream {id} cannot be opened");
        }

        _last = id;
        var stream = new SpdyStream(this, id, _inflater.Read(payload.AsMemory(Fixed)));
        if (_streams.Count >= MaxStreams)
        {
            await RefuseAsync(id, stop);
            return;
        }

        _streams[id] = stream;
        await WriteAsync(() => FrameHead.Frame(
            FrameType.SynReply, 0, [.. Two(id, 0).AsSpan(0, 4), .. _deflater.Write(NoHeaders)]), stop);
        if (frame.IsLast)
        {
            stream.EndInput();
        }

        opened(stream);
    }

    private static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>();

    private async Task SayGoAwayAsync(CancellationToken stop)
    {
        try
        {
            await WriteAsync(FrameHead.Frame(FrameType.GoAway, 0, Two(_last, ProtocolError)), stop);
        }
        catch (IOException)
        {
            // It has gone already.
        }
    }

    private static uint Number(byte[] payload, int at) => payload.Length >= at + 4
        ? BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(at)) : throw new SpdyException("a control frame is cut");

    private static byte[] Two(uint first, uint second)
    {
        var numbers = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(numbers, first);
        BinaryPrimitives.WriteUInt32BigEndian(numbers.AsSpan(4), second);
        return numbers;
    }
}
