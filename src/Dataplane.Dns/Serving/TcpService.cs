using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Dataplane.Dns.Answers;
using Dataplane.Dns.Feeding;
using Dataplane.Dns.Forwarding;

namespace Dataplane.Dns.Serving;

/// <summary>
/// Queries by TCP, each behind its length, one after the other as they come (RFC 7766). A connection has the memory of
/// one query, and that of one answer while it is sent.
/// </summary>
internal sealed class TcpService(Answerer answerer, SourceLimit limit, Forwarder? forwarder)
{
    /// <summary>A longer query ends its connection.</summary>
    private const int LongestQuery = 4096;

    /// <summary>For a whole query, silence before it included; and for the client to take an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int MostConnections = 256, MostOfSource = 16;

    private readonly Connections _connections = new(MostConnections, MostOfSource);

    /// <summary>Ends when the socket is closed.</summary>
    public async Task AcceptAsync(Socket listener)
    {
        while (await Acceptor.NextAsync(listener) is { } socket) _ = ServeAsync(socket);
    }

    private async Task ServeAsync(Socket socket)
    {
        using var own = socket;
        var connection = Enter(socket);
        if (connection is null) return;
        try
        {
            var source = connection.Value.Source;
            await using var stream = new NetworkStream(socket);
            var (length, query) = (new byte[2], new byte[LongestQuery]);
            for (var turn = 0u; ; turn++)
            {
                using var time = new CancellationTokenSource(Patience);
                await stream.ReadExactlyAsync(length, time.Token);
                var bytes = BinaryPrimitives.ReadUInt16BigEndian(length);
                if (bytes > LongestQuery) return;
                await stream.ReadExactlyAsync(query.AsMemory(0, bytes), time.Token);
                if (!limit.Allows(source.GetAddressBytes())) return;
                _connections.Touch(connection);
                if (!await AnswerAsync(stream, query.AsMemory(0, bytes), source, turn)) return;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException
            or ObjectDisposedException)
        {
            // The client is gone, too slow, or made room for another.
        }
        finally
        {
            _connections.Remove(connection);
        }
    }

    private LinkedListNode<(Socket Socket, IPAddress Source)>? Enter(Socket socket)
    {
        try
        {
            return _connections.Add(socket, ((IPEndPoint)socket.RemoteEndPoint!).Address);
        }
        catch (SocketException)
        {
            // Reset before it was looked at.
            return null;
        }
    }

    /// <returns>False: the connection is to be closed.</returns>
    private async Task<bool> AnswerAsync(NetworkStream stream, Memory<byte> query, IPAddress source, uint turn)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(2 + ushort.MaxValue);
        try
        {
            var outcome =
                answerer.Answer(query.Span, buffer.AsSpan(2, ushort.MaxValue), isUdp: false, turn);
            if (outcome.Disposition == Disposition.Silence) return false;
            var length = outcome.Length;
            if (outcome.Disposition == Disposition.Forward)
            {
                if (!forwarder!.TryEnter(source)) return false;
                byte[] answer;
                try
                {
                    answer = await forwarder.AskAsync(query.ToArray(), outcome.Alias, ushort.MaxValue);
                }
                finally
                {
                    forwarder.Leave(source);
                }
                length = answer.Length;
                answer.CopyTo(buffer, 2);
            }
            BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)length);
            using var time = new CancellationTokenSource(Patience);
            await stream.WriteAsync(buffer.AsMemory(0, 2 + length), time.Token);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
