using System.Net;
using System.Net.Sockets;

namespace Dataplane.Runtime.Answering;

/// <summary>
/// One connection: HTTP if its first line is one of an HTTP request, otherwise an answer to each line. The memory of
/// one request is all that it has.
/// </summary>
internal sealed class Conversation(Socket socket, PodAnswer answer, TimeSpan patience)
{
    /// <summary>A longer line is answered in parts, and a longer head of HTTP ends the connection.</summary>
    private const int Longest = 16 << 10;

    private readonly byte[] _buffer = new byte[Longest];
    private readonly EndPoint _client = Plain(socket.RemoteEndPoint!), _server = Plain(socket.LocalEndPoint!);
    private int _filled;
    private bool _hasAnswered;

    /// <exception cref="SocketException">The client is gone.</exception>
    /// <exception cref="OperationCanceledException">It said nothing, or took nothing, for too long.</exception>
    public async Task RunAsync()
    {
        var line = await LineAsync();
        if (line >= 0 && RequestHead.IsRequestLine(_buffer.AsSpan(0, line)))
        {
            while (await HttpAsync())
            {
            }
        }
        else
        {
            while (await PlainAsync())
            {
            }
        }
    }

    /// <summary>An IPv4 address as such, whatever socket it came by.</summary>
    public static EndPoint Plain(EndPoint end) => end is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped
        ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port) : end;

    private async Task<bool> HttpAsync()
    {
        int length;
        while ((length = RequestHead.LengthIn(_buffer.AsSpan(0, _filled))) < 0)
            if (!await ReadAsync()) return false;
        var head = RequestHead.Of(_buffer.AsMemory(0, length));
        var response = answer.Http(head, _client, _server, head.Stays);
        Drop(length);
        if (head.BodyBytes is not { } body || !await PassAsync(body))
        {
            await WriteAsync(response);
            return false;
        }
        await WriteAsync(response);
        return head.Stays;
    }

    /// <summary>An answer to the next line, or to what has come when the client ends or nothing fits.</summary>
    /// <returns>False: it was the last.</returns>
    private async Task<bool> PlainAsync()
    {
        var line = await LineAsync();
        var end = line >= 0 ? line : _filled;
        var text = _buffer.AsMemory(0, end > 0 && _buffer[end - 1] == '\r' ? end - 1 : end);
        var isLast = line < 0 && _filled < Longest;
        // A client that ends behind its last line has had its answer; one that said nothing gets one.
        if (!isLast || _filled > 0 || !_hasAnswered) await WriteAsync(answer.Line("TCP", _client, _server, text.Span));
        _hasAnswered = true;
        Drop(line >= 0 ? line + 1 : end);
        return !isLast;
    }

    /// <summary>The length of the first line; -1: the client ended, or the buffer is full, without one.</summary>
    private async Task<int> LineAsync()
    {
        int end;
        while ((end = _buffer.AsSpan(0, _filled).IndexOf((byte)'\n')) < 0)
            if (!await ReadAsync()) return -1;
        return end;
    }

    /// <summary>Passes over bytes that are not looked at.</summary>
    private async Task<bool> PassAsync(int count)
    {
        while (count > 0)
        {
            if (_filled == 0 && !await ReadAsync()) return false;
            var some = Math.Min(count, _filled);
            Drop(some);
            count -= some;
        }
        return true;
    }

    private void Drop(int count)
    {
        _buffer.AsSpan(count, _filled - count).CopyTo(_buffer);
        _filled -= count;
    }

    /// <returns>False: there is no more, or no room.</returns>
    private async Task<bool> ReadAsync()
    {
        if (_filled == Longest) return false;
        using var limit = new CancellationTokenSource(patience);
        var read = await socket.ReceiveAsync(_buffer.AsMemory(_filled), limit.Token);
        _filled += read;
        return read > 0;
    }

    private async Task WriteAsync(byte[] bytes)
    {
        using var limit = new CancellationTokenSource(patience);
        for (var sent = 0; sent < bytes.Length;)
            sent += await socket.SendAsync(bytes.AsMemory(sent), limit.Token);
    }
}
