using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Dataplane.Dns.Messages;

namespace Dataplane.Dns.Forwarding;

/// <summary>
/// Asks other servers, each question from a socket of its own: the kernel chooses its port, and gives it packets of
/// that server alone. Nothing is kept for the next question.
/// </summary>
/// <param name="upstreams">Asked one after the other, until one answers.</param>
internal sealed class Forwarder(IReadOnlyList<IPEndPoint> upstreams, TimeSpan patience)
{
    /// <summary>Questions under way, and of one source.</summary>
    public const int Most = 512, MostOfSource = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _sources = [];
    private int _all;

    /// <summary>Whether there is room for one question more; <see cref="Leave"/> ends it.</summary>
    public bool TryEnter(IPAddress source)
    {
        lock (_lock)
        {
            var own = _sources.GetValueOrDefault(source);
            if (_all >= Most || own >= MostOfSource) return false;
            _all++;
            _sources[source] = own + 1;
            return true;
        }
    }

    public void Leave(IPAddress source)
    {
        lock (_lock)
        {
            _all--;
            if (--_sources[source] == 0) _sources.Remove(source);
        }
    }

    /// <param name="message">What the client sent, which is a query.</param>
    /// <param name="alias">The name to ask for instead of the question's; null: the question's.</param>
    /// <param name="limit">The longest answer; 0: as the client takes it by UDP.</param>
    /// <returns>The answer for the client: ServerFailure where no server answered.</returns>
    public async Task<byte[]> AskAsync(byte[] message, byte[]? alias, int limit)
    {
        var asked = Ask(message, alias, out var questionEnd);
        foreach (var upstream in upstreams)
        {
            try
            {
                using var time = new CancellationTokenSource(patience);
                var answer = await ByUdpAsync(upstream, asked, questionEnd, time.Token);
                if (UpstreamAnswer.IsTruncated(answer))
                    answer = await ByTcpAsync(upstream, asked, questionEnd, time.Token);
                if (Write(message, alias, answer, questionEnd, limit) is { } written) return written;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or EndOfStreamException)
            {
                // The next one may answer.
            }
        }
        return Failure(message, limit);
    }

    private static byte[] Ask(byte[] message, byte[]? alias, out int questionEnd)
    {
        DnsQuery.Parse(message, out var query);
        var name = alias is null ? query.Name : alias.AsSpan();
        var asked = new byte[DnsQuery.HeaderBytes + name.Length + 4 + 11];
        RandomNumberGenerator.Fill(asked.AsSpan(0, 2));
        // RD, and CD as the client has it.
        (asked[2], asked[3], asked[5], asked[11]) = (0x01, (byte)(message[3] & 0x10), 1, 1);
        name.CopyTo(asked.AsSpan(DnsQuery.HeaderBytes));
        questionEnd = DnsQuery.HeaderBytes + name.Length + 4;
        BinaryPrimitives.WriteUInt16BigEndian(asked.AsSpan(questionEnd - 4), query.Type);
        BinaryPrimitives.WriteUInt16BigEndian(asked.AsSpan(questionEnd - 2), query.Class);
        var opt = asked.AsSpan(questionEnd);
        opt[2] = 41;
        BinaryPrimitives.WriteUInt16BigEndian(opt[3..], ReplyWriter.UdpPayload);
        if (query.Edns is { WantsSignatures: true }) opt[7] = 0x80;
        return asked;
    }

    private static byte[]? Write(byte[] message, byte[]? alias, byte[] answer, int questionEnd, int limit)
    {
        DnsQuery.Parse(message, out var query);
        if (limit == 0) limit = Answers.Answerer.UdpLimit(query);
        var into = new byte[Math.Max(limit, DnsQuery.PlainPayload)];
        var length = UpstreamAnswer.Write(query, alias, answer, questionEnd, into, limit);
        return length == 0 ? null : into[..length];
    }

    private static byte[] Failure(byte[] message, int limit)
    {
        DnsQuery.Parse(message, out var query);
        var into = new byte[DnsQuery.PlainPayload];
        var reply = new ReplyWriter(query, into, limit == 0 ? into.Length : limit) { OffersRecursion = true };
        return into[..reply.Finish(ResponseCode.ServerFailure)];
    }

    /// <summary>Waits for the answer; what is none is passed over, since anybody may send it.</summary>
    private static async Task<byte[]> ByUdpAsync(
        IPEndPoint upstream, byte[] asked, int questionEnd, CancellationToken time)
    {
        using var socket = new Socket(upstream.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(upstream, time);
        await socket.SendAsync(asked, SocketFlags.None, time);
        var answer = new byte[DnsQuery.PlainPayload * 8];
        while (true)
        {
            var length = await socket.ReceiveAsync(answer, SocketFlags.None, time);
            if (UpstreamAnswer.Fits(asked, questionEnd, answer.AsSpan(0, length))) return answer[..length];
        }
    }

    private static async Task<byte[]> ByTcpAsync(
        IPEndPoint upstream, byte[] asked, int questionEnd, CancellationToken time)
    {
        using var socket = new Socket(upstream.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(upstream, time);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync((byte[])[(byte)(asked.Length >> 8), (byte)asked.Length, .. asked], time);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, time);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, time);
        return UpstreamAnswer.Fits(asked, questionEnd, answer) ? answer
            : throw new EndOfStreamException("the server answered something else");
    }
}
