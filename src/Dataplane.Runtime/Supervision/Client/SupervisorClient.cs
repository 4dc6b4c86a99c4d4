using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using Dataplane.Runtime.Supervision.Wire;

namespace Dataplane.Runtime.Supervision.Client;

/// <summary>
/// A connection to a supervisor. When it breaks, everything that waits ends with an <see cref="IOException"/>, and the
/// pods run on. Safe on any thread.
/// </summary>
public sealed class SupervisorClient : IAsyncDisposable
{
    private readonly LineSocket _lines;
    private readonly LatestReports _reports = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<string?>> _waiting = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _reading = Task.CompletedTask;
    private long _last;

    private SupervisorClient(LineSocket lines) => _lines = lines;

    /// <summary>A report of every pod that the supervisor had when the connection was made.</summary>
    public IReadOnlyList<PodReport> First { get; private set; } = [];

    /// <param name="socket">The path of its socket.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="IOException">It ended, or is none.</exception>
    public static async Task<SupervisorClient> ConnectAsync(string socket, CancellationToken cancellation)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var client = new SupervisorClient(new LineSocket(connection));
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
            var first = new List<PodReport>();
            for (var line = await client.LineAsync(cancellation); !line.IsAll;
                 line = await client.LineAsync(cancellation))
            {
                if (line.Report is not null) first.Add(line.Report.Report());
            }
            client.First = first;
        }
        catch
        {
            client._lines.Dispose();
            throw;
        }
        client._reading = client.ReadAsync();
        return client;
    }

    /// <summary>
    /// A pod is to run. An order that is equal to the last one of its key changes nothing; another one takes the place
    /// of the old pod, which ends first, within its grace.
    /// </summary>
    /// <returns>When the order outlives this process and the supervisor.</returns>
    /// <exception cref="IOException">It could not be recorded, or the connection broke.</exception>
    public Task SetAsync(PodOrder order, CancellationToken cancellation) =>
        AskAsync(new SupervisorRequest(Next(), Set: order), cancellation);

    /// <summary>A pod is to end; one that is not there is no error.</summary>
    /// <param name="key">As <see cref="PodOrder.Key"/>.</param>
    /// <param name="grace">Null: as the manifest says; zero: by force.</param>
    /// <returns>When this outlives this process and the supervisor; the pod may still be ending.</returns>
    /// <exception cref="IOException">It could not be recorded, or the connection broke.</exception>
    public Task DeleteAsync(string key, TimeSpan? grace, CancellationToken cancellation) =>
        AskAsync(new SupervisorRequest(Next(), Delete: key, Grace: grace), cancellation);

    /// <summary>All pods end, two seconds after they were asked to by force, and then the supervisor.</summary>
    /// <returns>When it has ended.</returns>
    /// <exception cref="IOException">The connection broke before it agreed.</exception>
    public async Task EndAsync(CancellationToken cancellation)
    {
        await AskAsync(new SupervisorRequest(Next(), End: true), cancellation);
        await _reading.WaitAsync(cancellation);
    }

    /// <summary>
    /// A report of a pod after each change since <see cref="First"/>; changes that were not read meanwhile are one
    /// report. For one reader at a time.
    /// </summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public IAsyncEnumerable<PodReport> ReportsAsync(CancellationToken cancellation) => _reports.ReadAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _lines.Dispose();
        _stop.Dispose();
    }

    private long Next() => Interlocked.Increment(ref _last);

    private async Task AskAsync(SupervisorRequest request, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[request.Id] = done;
        try
        {
            if (_reading.IsCompleted) throw Broken(null);
            await _lines.WriteAsync(
                JsonSerializer.SerializeToUtf8Bytes(request, SupervisorJson.Default.SupervisorRequest), cancellation);
            if (await done.Task.WaitAsync(cancellation) is { } error) throw new IOException(error);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw Broken(e);
        }
        finally
        {
            _waiting.TryRemove(request.Id, out _);
        }
    }

    private async Task ReadAsync()
    {
        Exception why;
        try
        {
            while (true)
            {
                var line = await LineAsync(_stop.Token);
                if (line.Report is not null) _reports.Add(line.Report.Report());
                if (line.Done is { } id && _waiting.TryGetValue(id, out var done)) done.TrySetResult(line.Error);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            why = Broken(e);
        }
        _reports.End(why);
        foreach (var waiting in _waiting.Values) waiting.TrySetException(why);
    }

    private async Task<SupervisorLine> LineAsync(CancellationToken cancellation)
    {
        if (await _lines.ReadAsync(cancellation) is not { } line) throw new IOException("the supervisor has ended");
        try
        {
            return JsonSerializer.Deserialize(line.Span, SupervisorJson.Default.SupervisorLine)
                ?? throw new IOException("what answers is no supervisor");
        }
        catch (JsonException e)
        {
            throw new IOException($"what answers is no supervisor: {e.Message}", e);
        }
    }

    private static IOException Broken(Exception? why) =>
        why as IOException ?? new IOException("the connection to the supervisor broke", why);
}
