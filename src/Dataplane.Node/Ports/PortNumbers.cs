namespace Dataplane.Node.Ports;

/// <summary>
/// The numbers of a node's ports, from which names, interface indexes and MAC addresses are made. The lowest free one
/// is given out.
/// </summary>
internal sealed class PortNumbers
{
    private readonly SortedSet<int> _free = [];
    private int _next;

    public int Next()
    {
        if (_free.Count == 0) return _next++;
        var lowest = _free.Min;
        _free.Remove(lowest);
        return lowest;
    }

    /// <summary>Takes a number that is in use already, such as an adopted port's.</summary>
    public void Reserve(int number)
    {
        for (; _next <= number; _next++) _free.Add(_next);
        _free.Remove(number);
    }

    /// <summary>Gives a number back: nothing of its port is left.</summary>
    public void Release(int number) => _free.Add(number);
}
