using System.Diagnostics;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Nftables;

namespace Dataplane.Node.Programming.Tracing;

/// <summary>
/// Reads trace messages on a thread of its own as they come, so that their times are close to the kernel's.
/// </summary>
internal sealed class TraceListener : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly NftTraceReader _reader;
    private readonly Thread _thread;
    private readonly Lock _lock = new();
    private readonly List<(long Timestamp, NftTraceMessage Message)> _messages = [];
    private volatile bool _stopping;

    public TraceListener(Netns node)
    {
        _reader = NftTraceReader.Open(node);
        _thread = new Thread(Listen) { IsBackground = true, Name = "trace" };
        _thread.Start();
    }

    public bool HasLost => _reader.HasLost;

    /// <summary>All so far, with the time of reading (<see cref="Stopwatch.GetTimestamp"/>).</summary>
    public IReadOnlyList<(long Timestamp, NftTraceMessage Message)> Messages
    {
        get
        {
            lock (_lock) return [.. _messages];
        }
    }

    /// <summary>Takes in what the kernel has sent until now, and ends the thread.</summary>
    public void Stop()
    {
        _stopping = true;
        _thread.Join();
    }

    public void Dispose()
    {
        Stop();
        _reader.Dispose();
    }

    private void Listen()
    {
        while (!_stopping) _reader.Receive(Step, Add);
        _reader.Receive(TimeSpan.Zero, Add);
    }

    private void Add(NftTraceMessage message)
    {
        lock (_lock) _messages.Add((Stopwatch.GetTimestamp(), message));
    }
}
