using System.Globalization;
using System.Net.Sockets;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Feeding;

/// <summary>The daemon's end of the feed: tells a server the names. One caller at a time.</summary>
public sealed class FeedClient : IDisposable
{
    private readonly NetworkStream _stream;
    private readonly BoundedLines _lines;
    private Task<string?> _next;

    private FeedClient(Socket socket)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _lines = new BoundedLines(_stream, FeedLine.Longest);
        _next = _lines.NextAsync().AsTask();
    }

    /// <summary>Ends, or fails, when the server does. To be taken anew after each change.</summary>
    public Task Ended => _next;

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<FeedClient> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        var client = new FeedClient(socket);
        await client.WriteAsync([FeedLine.Greeting], cancellation);
        return client;
    }

    /// <summary>Replaces all names. Returns when they are answered.</summary>
    /// <param name="number">Of this state; it is the serial number of the zone.</param>
    /// <exception cref="IOException">The server is gone, or does not take it; connect again.</exception>
    public Task SnapshotAsync(uint number, IEnumerable<NameRecord> records, CancellationToken cancellation) =>
        ChangeAsync(FeedLine.Snapshot, number, [], records, cancellation);

    /// <inheritdoc cref="SnapshotAsync"/>
    /// <summary>Changes the names of the state before. Returns when they are answered.</summary>
    public Task DeltaAsync(uint number, NameChange change, CancellationToken cancellation) =>
        ChangeAsync(FeedLine.Delta, number, change.Removed, change.Added, cancellation);

    public void Dispose() => _stream.Dispose();

    private async Task ChangeAsync(string word, uint number, IEnumerable<NameRecord> removed,
        IEnumerable<NameRecord> added, CancellationToken cancellation)
    {
        var counted = string.Create(CultureInfo.InvariantCulture, $"{number}");
        await WriteAsync(
            [
                $"{word} {counted}", .. removed.Select(r => FeedLine.Of('-', r)),
                .. added.Select(r => FeedLine.Of('+', r)), FeedLine.End,
            ], cancellation);
        var answer = await _next.WaitAsync(cancellation);
        if (answer != $"{FeedLine.Applied} {counted}")
            throw new IOException($"the name server did not take {word} {counted}: {answer ?? "it is gone"}");
        _next = _lines.NextAsync().AsTask();
    }

    private async Task WriteAsync(IEnumerable<string> lines, CancellationToken cancellation)
    {
        await using var text = new StreamWriter(_stream, System.Text.Encoding.ASCII, 64 * 1024, leaveOpen: true);
        foreach (var line in lines)
        {
            await text.WriteAsync(line.AsMemory(), cancellation);
            await text.WriteAsync('\n');
        }
        await text.FlushAsync(cancellation);
    }
}
