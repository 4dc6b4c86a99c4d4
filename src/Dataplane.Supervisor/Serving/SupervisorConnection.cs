using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Json;
using Dataplane.Runtime.Supervision;
using Dataplane.Runtime.Supervision.Wire;
using Dataplane.Supervisor.Pods;

namespace Dataplane.Supervisor.Serving;

/// <summary>One client of the supervisor.</summary>
internal sealed class SupervisorConnection(Socket socket, EventLoop loop, Pods.Supervisor supervisor) : IDisposable
{
    /// <summary>asm-generic/socket.h.</summary>
    private const int SOL_SOCKET = 1, SO_PEERCRED = 17;

    private readonly LineSocket _lines = new(socket);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>What is still to be told.</summary>
    public LatestReports Reports { get; } = new();

    /// <summary>Root is at the other side: struct ucred of unix(7) has the user behind the process.</summary>
    public bool IsTrusted
    {
        get
        {
            var peer = new byte[12];
            return socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, peer) == peer.Length
                && BinaryPrimitives.ReadUInt32LittleEndian(peer.AsSpan(4)) == 0;
        }
    }

    /// <summary>Tells the reports, and does what is asked for, until the client goes.</summary>
    public async Task RunAsync(IReadOnlyList<PodReport> first)
    {
        try
        {
            foreach (var report in first) await TellAsync(new SupervisorLine(Report: WireReport.Of(report)));
            await TellAsync(new SupervisorLine(IsAll: true));
            var reporting = ReportAsync();
            while (await _lines.ReadAsync(_stop.Token) is { } line)
                await AnswerAsync(line);
            await _stop.CancelAsync();
            await reporting;
        }
        catch (Exception e) when (e is IOException or SocketException or JsonException or OperationCanceledException)
        {
            // The client is gone, or talks nonsense.
            await _stop.CancelAsync();
        }
    }

    public void Dispose()
    {
        _lines.Dispose();
        _stop.Dispose();
    }

    private async Task ReportAsync()
    {
        try
        {
            await foreach (var report in Reports.ReadAsync(_stop.Token))
                await TellAsync(new SupervisorLine(Report: WireReport.Of(report)));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client is gone, which is seen where it is read from.
        }
    }

    /// <exception cref="JsonException">It is no request.</exception>
    private async Task AnswerAsync(ReadOnlyMemory<byte> line)
    {
        var request = JsonSerializer.Deserialize(line.Span, SupervisorJson.Default.SupervisorRequest)
            ?? throw new JsonException("null");
        try
        {
            await TellAsync(await DoneAsync(request));
        }
        finally
        {
            loop.Post(supervisor.Answered);
        }
    }

    private async Task<SupervisorLine> DoneAsync(SupervisorRequest request)
    {
        try
        {
            await loop.AskAsync(() =>
            {
                supervisor.Answering();
                if (request.Set is not null) supervisor.Set(request.Set);
                if (request.Delete is not null) supervisor.Delete(request.Delete, request.Grace);
                if (request.End) supervisor.End();
                return true;
            });
            return new SupervisorLine(Done: request.Id);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new SupervisorLine(Done: request.Id, Error: e.Message);
        }
    }

    private Task TellAsync(SupervisorLine line) => _lines.WriteAsync(
        JsonSerializer.SerializeToUtf8Bytes(line, SupervisorJson.Default.SupervisorLine), _stop.Token);
}
