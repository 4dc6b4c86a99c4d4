using System.Net;
using System.Net.Sockets;

namespace Dataplane.Dns.Serving;

/// <summary>
/// The open connections: few of one source, and when all places are taken, the one that has been silent longest goes.
/// </summary>
/// <param name="most">Of all sources.</param>
/// <param name="mostOfSource">Of one address.</param>
public sealed class Connections(int most, int mostOfSource)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(Socket Socket, IPAddress Source)> _byActivity = new();
    private readonly Dictionary<IPAddress, int> _sources = [];

    /// <returns>Null: this source has enough of them.</returns>
    public LinkedListNode<(Socket Socket, IPAddress Source)>? Add(Socket socket, IPAddress source)
    {
        lock (_lock)
        {
            var own = _sources.GetValueOrDefault(source);
            if (own >= mostOfSource) return null;
            // Whoever serves it notices that it is closed, and removes it.
            if (_byActivity.Count >= most)
            {
                var silent = _byActivity.First!;
                Remove(silent);
                silent.Value.Socket.Dispose();
            }
            _sources[source] = own + 1;
            return _byActivity.AddLast((socket, source));
        }
    }

    /// <summary>It has just asked something.</summary>
    public void Touch(LinkedListNode<(Socket Socket, IPAddress Source)> connection)
    {
        lock (_lock)
        {
            if (connection.List is null) return;
            _byActivity.Remove(connection);
            _byActivity.AddLast(connection);
        }
    }

    /// <summary>One that is removed already is nothing.</summary>
    public void Remove(LinkedListNode<(Socket Socket, IPAddress Source)> connection)
    {
        lock (_lock)
        {
            if (connection.List is null) return;
            _byActivity.Remove(connection);
            var source = connection.Value.Source;
            if (--_sources[source] == 0) _sources.Remove(source);
        }
    }
}
