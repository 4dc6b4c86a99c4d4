using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Dataplane.Dns.Resolving;
using Dataplane.Dns.Serving;
using Dataplane.Linux.Namespaces;
using Dataplane.Services.Names;

namespace Dataplane.Cli.Dns;

/// <summary>Asks the name servers of a pod from its network namespace, as a program there does.</summary>
/// <param name="netns">Null: the machine's own.</param>
internal sealed class PodAsker(Netns? netns, ResolverSettings settings, DropWitness drops, CancellationToken stop)
{
    /// <summary>Numbers of the kernel: AF_INET, AF_INET6, SOCK_STREAM, SOCK_DGRAM.</summary>
    private const int Inet = 2, Inet6 = 10, Stream = 1, Datagram = 2;

    /// <summary>That of glibc (resolv.conf(5), timeout). A drop is told in much less.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks one server after the other, until one has an answer that counts.</summary>
    /// <exception cref="FormatException">It is no name in DNS.</exception>
    public IReadOnlyList<DnsStep> Ask(string name, RecordKind kind)
    {
        var steps = new List<DnsStep>();
        var question = new Question((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue), name, kind);
        foreach (var server in settings.Servers)
        {
            foreach (var byTcp in (bool[])[false, true])
            {
                var step = AskAsync(server, question, byTcp).GetAwaiter().GetResult();
                steps.Add(step with { Name = name, Kind = kind, Server = server, ByTcp = byTcp });
                if (step.Code != DnsStep.Truncated) break;
            }
            if (!steps[^1].AsksNext) break;
        }
        return steps;
    }

    private async Task<DnsStep> AskAsync(IPAddress server, Question question, bool byTcp)
    {
        using var socket = Open(server.AddressFamily, byTcp);
        socket.Bind(new IPEndPoint(
            server.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
        var dropped = drops.OfAsync(byTcp ? "TCP" : "UDP", ((IPEndPoint)socket.LocalEndPoint!).Port);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        var started = Stopwatch.GetTimestamp();
        var answered = AnswerAsync(socket, new IPEndPoint(server, DnsServer.Port), question, byTcp, limit.Token);
        await Task.WhenAny(answered, dropped);
        if (dropped.IsCompletedSuccessfully)
        {
            await limit.CancelAsync();
            _ = await answered;
            return Step(DnsStep.Denied, started) with { Drop = await dropped };
        }
        return await answered is { } answer
            ? Step(answer.IsTruncated && !byTcp ? DnsStep.Truncated : answer.Code, started) with
            {
                Records = answer.IsTruncated && !byTcp ? [] : answer.Records,
            } : Step(DnsStep.Silence, started);
    }

    private static DnsStep Step(string code, long started) =>
        new("", RecordKind.A, code, []) { Time = Stopwatch.GetElapsedTime(started) };

    /// <returns>Null: there is none in time.</returns>
    private async Task<LookupAnswer?> AnswerAsync(
        Socket socket, IPEndPoint server, Question question, bool byTcp, CancellationToken limit)
    {
        try
        {
            await socket.ConnectAsync(server, limit);
            return byTcp ? await ByTcpAsync(socket, question, limit) : await ByUdpAsync(socket, question, limit);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return new LookupAnswer(DnsStep.Unreachable, []);
        }
    }

    private static async Task<LookupAnswer?> ByUdpAsync(Socket socket, Question question, CancellationToken limit)
    {
        await socket.SendAsync(question.Bytes, limit);
        var buffer = new byte[ushort.MaxValue];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, limit);
            // Anybody may send something else.
            if (question.Read(buffer.AsSpan(0, length)) is { } answer) return answer;
        }
    }

    private static async Task<LookupAnswer?> ByTcpAsync(Socket socket, Question question, CancellationToken limit)
    {
        await using var stream = new NetworkStream(socket);
        var length = question.Bytes.Length;
        await stream.WriteAsync((byte[])[(byte)(length >> 8), (byte)length, .. question.Bytes.Span], limit);
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, limit);
        var message = new byte[(head[0] << 8) | head[1]];
        await stream.ReadExactlyAsync(message, limit);
        return question.Read(message);
    }

    private Socket Open(AddressFamily family, bool byTcp)
    {
        if (netns is null)
        {
            return new Socket(family, byTcp ? SocketType.Stream : SocketType.Dgram,
                byTcp ? ProtocolType.Tcp : ProtocolType.Udp);
        }
        using var opened = netns.OpenSocket(
            family == AddressFamily.InterNetwork ? Inet : Inet6, byTcp ? Stream : Datagram, 0);
        var socket = new Socket(new SafeSocketHandle(opened.DangerousGetHandle(), ownsHandle: true));
        opened.SetHandleAsInvalid();
        return socket;
    }
}
