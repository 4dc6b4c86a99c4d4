using System.Text.Json;
using Dataplane.Api;
using Dataplane.Cli.Connection;

namespace Dataplane.Cli.Dns;

/// <summary>
/// The daemon's drop log, read from the moment on at which this is made: it tells of a packet that there can be no
/// answer, and by which policy.
/// </summary>
internal sealed class DropWitness : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<FlowEntry> _entries = [];
    private readonly List<(string Protocol, int Port, TaskCompletionSource<FlowEntry> Found)> _awaited = [];
    private readonly Stream _stream;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _reads;

    public DropWitness(DaemonClient client, CancellationToken stop)
    {
        // It is open once the daemon tells of every drop.
        _stream = client.Open($"{ApiPaths.Flows}?follow=1&last=0&verdict=denied", stop);
        _reads = Task.Run(ReadAsync, stop);
    }

    /// <summary>Ends when a packet from this port of its sender to a name server was dropped.</summary>
    /// <param name="protocol"><c>UDP</c> or <c>TCP</c>.</param>
    public Task<FlowEntry> OfAsync(string protocol, int port)
    {
        lock (_lock)
        {
            var found = new TaskCompletionSource<FlowEntry>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_entries.Find(e => Is(e, protocol, port)) is { } entry) found.SetResult(entry);
            else _awaited.Add((protocol, port, found));
            return found.Task;
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _reads.GetAwaiter().GetResult();
        _stream.Dispose();
        _end.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            using var lines = new StreamReader(_stream, leaveOpen: true);
            while (await lines.ReadLineAsync(_end.Token) is { } line)
            {
                if (line.Length > 0 && JsonSerializer.Deserialize(line, ApiJson.Default.FlowEntry) is { } entry)
                    Tell(entry);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException)
        {
            // The daemon has ended: what is dropped from here on, nobody sees.
        }
    }

    private void Tell(FlowEntry entry)
    {
        lock (_lock)
        {
            _entries.Add(entry);
            foreach (var (_, _, found) in _awaited.Where(a => Is(entry, a.Protocol, a.Port)))
                found.TrySetResult(entry);
        }
    }

    private static bool Is(FlowEntry entry, string protocol, int port) => entry.SourcePort == port
        && string.Equals(entry.Protocol, protocol, StringComparison.OrdinalIgnoreCase);
}
