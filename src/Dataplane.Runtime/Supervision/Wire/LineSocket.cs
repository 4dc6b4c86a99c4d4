using System.Net.Sockets;

namespace Dataplane.Runtime.Supervision.Wire;

/// <summary>Lines of bounded length over a socket. One reads at a time; writing is safe from anywhere.</summary>
public sealed class LineSocket(Socket socket) : IDisposable
{
    /// <summary>Bytes of a line at most: more than a manifest that an API server takes (1.5 MB).</summary>
    public const int Longest = 4 << 20;

    private const int FirstBytes = 4 << 10;

    private readonly SemaphoreSlim _writing = new(1);
    private byte[] _buffer = new byte[FirstBytes];
    private int _start, _end;

    /// <summary>The next line, without its end; null: there is no more.</summary>
    /// <exception cref="IOException">It is longer than <see cref="Longest"/>.</exception>
    /// <exception cref="SocketException">The other side is gone.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation)
    {
        for (var seen = 0; ;)
        {
            var length = _buffer.AsSpan(_start + seen, _end - _start - seen).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = _buffer.AsMemory(_start, seen + length);
                _start += line.Length + 1;
                return line;
            }
            seen = _end - _start;
            MakeRoom();
            var read = await socket.ReceiveAsync(_buffer.AsMemory(_end), cancellation);
            if (read == 0) return null;
            _end += read;
        }
    }

    /// <exception cref="IOException">It is too long.</exception>
    /// <exception cref="SocketException">The other side is gone.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellation)
    {
        if (line.Length >= Longest) throw new IOException($"a message of {line.Length} bytes: {Longest} at most");
        await _writing.WaitAsync(cancellation);
        try
        {
            byte[] bytes = [.. line.Span, (byte)'\n'];
            for (var sent = 0; sent < bytes.Length;)
            {
                // One that was cut off would spoil all that follow.
                sent += await socket.SendAsync(
                    bytes.AsMemory(sent), sent == 0 ? cancellation : CancellationToken.None);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _writing.Dispose();
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end < _buffer.Length) return;
        if (_buffer.Length >= Longest) throw new IOException($"a message of more than {Longest} bytes");
        Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
