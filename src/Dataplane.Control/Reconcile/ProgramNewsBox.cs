using Dataplane.Control.State;

namespace Dataplane.Control.Reconcile;

/// <summary>News of programs on their way to the thread that owns the node: all that wait are one. For any
/// thread.</summary>
internal sealed class ProgramNewsBox
{
    private readonly Lock _lock = new();
    private ProgramNews? _waiting;

    /// <returns>Whether nothing has waited: somebody is to be told to take them.</returns>
    public bool Add(ProgramNews news)
    {
        lock (_lock)
        {
            var isFirst = _waiting is null;
            _waiting = _waiting?.With(news) ?? news;
            return isFirst;
        }
    }

    /// <returns>Null: somebody has taken them.</returns>
    public ProgramNews? Take()
    {
        lock (_lock)
        {
            var taken = _waiting;
            _waiting = null;
            return taken;
        }
    }
}
