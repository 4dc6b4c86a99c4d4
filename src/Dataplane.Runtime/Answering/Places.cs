using System.Net.Sockets;

namespace Dataplane.Runtime.Answering;

/// <summary>The connections that are open, at most as many as may be: the oldest makes room for a new one.</summary>
internal sealed class Places(int most)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Socket> _taken = [];

    public LinkedListNode<Socket> Take(Socket socket)
    {
        lock (_lock)
        {
            if (_taken.Count == most)
            {
                // Whoever serves it finds it closed.
                _taken.First!.Value.Dispose();
                _taken.RemoveFirst();
            }
            return _taken.AddLast(socket);
        }
    }

    public void Leave(LinkedListNode<Socket> place)
    {
        lock (_lock)
        {
            if (place.List is not null) _taken.Remove(place);
        }
    }
}
