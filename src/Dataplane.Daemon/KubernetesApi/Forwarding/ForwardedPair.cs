using System.Globalization;
using Dataplane.ApiMachinery.Spdy;

namespace Dataplane.Daemon.KubernetesApi.Forwarding;

/// <summary>The two streams of one forwarded connection.</summary>
/// <param name="Error">What this side says where it fails; empty where it does not.</param>
/// <param name="Data">The bytes of the connection.</param>
internal sealed record ForwardedPair(int Port, SpdyStream Error, SpdyStream Data);

/// <summary>Finds the pairs among the streams of one client.</summary>
internal sealed class ForwardedPairs
{
    /// <summary>By the number that the client gives both streams of a pair.</summary>
    private readonly Dictionary<string, SpdyStream> _single = [];

    /// <returns>Null: its other half has not come yet.</returns>
    /// <exception cref="FormatException">It has no place in a pair.</exception>
    public ForwardedPair? Add(SpdyStream stream)
    {
        var (id, type, port) = (Header(stream, "requestID"), Header(stream, "streamType"), Port(stream));
        if (type is not ("error" or "data")) throw new FormatException($"a stream is of type {type}");
        if (!_single.Remove(id, out var other))
        {
            Forget();
            _single[id] = stream;
            return null;
        }
        if (Header(other, "streamType") == type || Port(other) != port)
            throw new FormatException($"the streams of request {id} are no pair");
        return type == "error" ? new ForwardedPair(port, stream, other) : new ForwardedPair(port, other, stream);
    }

    private void Forget()
    {
        var gone = _single.Where(s => s.Value.Aborted.IsCancellationRequested).Select(s => s.Key).ToList();
        foreach (var id in gone) _single.Remove(id);
    }

    private static string Header(SpdyStream stream, string name) => stream.Headers.TryGetValue(name, out var value)
        ? value : throw new FormatException($"a stream has no header {name}");

    private static int Port(SpdyStream stream) => ushort.TryParse(Header(stream, "port"), NumberStyles.None,
        CultureInfo.InvariantCulture, out var port) && port > 0
        ? port : throw new FormatException($"a stream is for port {Header(stream, "port")}");
}
