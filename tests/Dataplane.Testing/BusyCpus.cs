namespace Dataplane.Testing;

/// <summary>Keeps every CPU busy with more than it can do, until it is disposed.</summary>
public sealed class BusyCpus : IDisposable
{
    private const int PerCpu = 2;

    private readonly Thread[] _threads;
    private volatile bool _isOver;

    public BusyCpus()
    {
        _threads = [.. Enumerable.Range(0, PerCpu * Environment.ProcessorCount)
            .Select(_ => new Thread(Spin) { IsBackground = true, Name = "busy" })];
        foreach (var thread in _threads) thread.Start();
    }

    public void Dispose()
    {
        _isOver = true;
        foreach (var thread in _threads) thread.Join();
    }

    private void Spin()
    {
        // A loop without a call would keep the garbage collector waiting.
        while (!_isOver) Thread.SpinWait(1000);
    }
}
