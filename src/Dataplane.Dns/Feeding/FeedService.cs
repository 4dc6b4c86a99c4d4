using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Dataplane.Dns.Zones;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Feeding;

/// <summary>
/// The server's end of the feed. What it was told stays when the daemon ends; the next one begins with all of it. A new
/// connection ends the one before: there is one daemon.
/// </summary>
internal sealed class FeedService : IDisposable
{
    private readonly string _path;
    private readonly Socket _listener;
    private volatile Zone? _zone;

    public FeedService(string path)
    {
        _path = path;
        File.Delete(path);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _listener.Listen();
    }

    /// <summary>Null before the first snapshot.</summary>
    public Zone? Zone => _zone;

    public async Task RunAsync()
    {
        Socket? before = null;
        var served = Task.CompletedTask;
        while (await Acceptor.NextAsync(_listener) is { } socket)
        {
            before?.Dispose();
            before = socket;
            // One at a time changes the names.
            await served;
            served = ServeAsync(socket);
        }
        before?.Dispose();
    }

    public void Dispose()
    {
        _listener.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (UnauthorizedAccessException)
        {
            // It was made with privileges that this process has given up; the next server deletes it.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            var lines = new BoundedLines(stream, FeedLine.Longest);
            if (await lines.NextAsync() is { } greeting && greeting != FeedLine.Greeting)
                throw new FormatException($"\"{FeedLine.Greeting}\" is expected, not \"{greeting}\"");
            for (var mayDiffer = false; await lines.NextAsync() is { } line; mayDiffer = true)
            {
                var number = await ChangeAsync(lines, line, mayDiffer);
                await SayAsync(stream, string.Create(CultureInfo.InvariantCulture, $"{FeedLine.Applied} {number}"));
            }
        }
        catch (FormatException e)
        {
            await SayAsync(stream, $"{FeedLine.Error} {e.Message}");
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The daemon is gone; what it said stays.
        }
    }

    /// <param name="mayDiffer">Whether there was a snapshot on this connection, which can change by a delta.</param>
    private async Task<uint> ChangeAsync(BoundedLines lines, string line, bool mayDiffer)
    {
        var isSnapshot = line.StartsWith($"{FeedLine.Snapshot} ", StringComparison.Ordinal);
        var words = line.Split(' ');
        if (words.Length != 2 || !(isSnapshot || (mayDiffer && words[0] == FeedLine.Delta))
            || !uint.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new FormatException($"no beginning of a {(mayDiffer ? "change" : "snapshot")}: {line}");
        }
        var (removed, added) = (new List<NameRecord>(), new List<NameRecord>());
        while (true)
        {
            var next = await lines.NextAsync() ?? throw new EndOfStreamException("the end of a change is missing");
            if (next == FeedLine.End) break;
            var (isAdded, record) = FeedLine.Parse(next);
            if (isSnapshot && !isAdded) throw new FormatException($"a snapshot only adds: {next}");
            (isAdded ? added : removed).Add(record);
            if (removed.Count + added.Count > Zones.Zone.MostRecords)
                throw new FormatException($"more than {Zones.Zone.MostRecords} lines in one change");
        }
        var zone = isSnapshot ? new Zone() : _zone!;
        zone.Apply(removed, added);
        zone.Serial = number;
        _zone = zone;
        return number;
    }

    private static async Task SayAsync(NetworkStream stream, string line)
    {
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\n"));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Nobody listens any more.
        }
    }
}
