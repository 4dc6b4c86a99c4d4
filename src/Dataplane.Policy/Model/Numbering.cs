namespace Dataplane.Policy.Model;

/// <summary>
/// Hands out the numbers above <paramref name="below"/>. A returned number is not reused soon: a packet in flight may
/// still carry it, and what the kernel remembers may name it.
/// </summary>
/// <param name="make">Gives a number its kind.</param>
public sealed class Numbering<T>(uint below, Func<uint, T> make)
    where T : struct
{
    private const int Rest = 1 << 16;
    private readonly Queue<T> _resting = new();
    private uint _next = below + 1;

    public T Take() => _resting.Count > Rest ? _resting.Dequeue() : make(_next++);

    public void GiveBack(T number) => _resting.Enqueue(number);
}
