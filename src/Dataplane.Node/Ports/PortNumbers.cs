using Dataplane.Node.Layout;

namespace Dataplane.Node.Ports;

/// <summary>
/// The numbers of a node's ports, from which names, interface indexes and MAC addresses are made. The lowest free one
/// is given out.
/// </summary>
internal sealed class PortNumbers
{
    private readonly SortedSet<int> _free = [];
    private int _next;

    public PortNumber Next()
    {
        if (_free.Count == 0) return new PortNumber(_next++);
        var lowest = _free.Min;
        _free.Remove(lowest);
        return new PortNumber(lowest);
    }

    /// <summary>Takes a number that is in use already, such as an adopted port's.</summary>
    public void Reserve(PortNumber number)
    {
        for (; _next <= number.Value; _next++) _free.Add(_next);
        _free.Remove(number.Value);
    }

    /// <summary>Gives a number back: nothing of its port is left.</summary>
    public void Release(PortNumber number) => _free.Add(number.Value);
}
