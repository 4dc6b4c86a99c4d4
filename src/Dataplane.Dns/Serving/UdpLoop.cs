using System.Net;
using System.Net.Sockets;
using Dataplane.Dns.Answers;
using Dataplane.Dns.Forwarding;

namespace Dataplane.Dns.Serving;

/// <summary>One thread that reads a socket and answers at once; only names of elsewhere are answered later.</summary>
internal sealed class UdpLoop(Socket socket, Answerer answerer, SourceLimit limit, Forwarder? forwarder)
{
    /// <summary>Queries are shorter; the rest of a longer one is lost, and it counts as damaged.</summary>
    private const int LongestQuery = 4096;

    /// <summary>Ends when the socket is closed.</summary>
    public void Run()
    {
        var (query, reply) = (new byte[LongestQuery], new byte[Messages.ReplyWriter.UdpPayload]);
        var from = new SocketAddress(socket.AddressFamily);
        for (var turn = 0u; ; turn++)
        {
            try
            {
                var length = socket.ReceiveFrom(query, SocketFlags.None, from);
                if (!limit.Allows(AddressOf(from))) continue;
                var outcome = answerer.Answer(query.AsSpan(0, length), reply, isUdp: true, turn);
                if (outcome.Disposition == Disposition.Reply)
                    socket.SendTo(reply.AsSpan(0, outcome.Length), SocketFlags.None, from);
                if (outcome.Disposition == Disposition.Forward) Forward(query[..length], outcome.Alias, from);
            }
            catch (SocketException e) when (e.SocketErrorCode is not (SocketError.OperationAborted
                or SocketError.Interrupted or SocketError.NotSocket))
            {
                // What an ICMP error says of an answer before, or an answer that cannot be sent: whose it was asks
                // again.
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    /// <summary>The bytes of the address in sockaddr_in and sockaddr_in6.</summary>
    private static ReadOnlySpan<byte> AddressOf(SocketAddress from) =>
        from.Family == AddressFamily.InterNetwork ? from.Buffer.Span.Slice(4, 4) : from.Buffer.Span.Slice(8, 16);

    private void Forward(byte[] query, byte[]? alias, SocketAddress from)
    {
        var to = new SocketAddress(from.Family, from.Size);
        from.Buffer.CopyTo(to.Buffer);
        var source = new IPAddress(AddressOf(from));
        if (!forwarder!.TryEnter(source)) return;
        _ = Task.Run(async () =>
        {
            try
            {
                var answer = await forwarder.AskAsync(query, alias, limit: 0);
                socket.SendTo(answer, SocketFlags.None, to);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The client asks again.
            }
            finally
            {
                forwarder.Leave(source);
            }
        });
    }
}
