using Dataplane.Kubernetes.Objects;

namespace Dataplane.Runtime.Life;

/// <summary>
/// The end of a run that is asked for: what is to be done before, then SIGTERM, and SIGKILL when the grace is over.
/// </summary>
/// <param name="action">lifecycle.preStop; null: none.</param>
/// <param name="grace">Zero: by force, at once.</param>
internal sealed class Stopping(ContainerAction? action, TimeSpan grace, DateTimeOffset now)
{
    /// <summary>What a program has at least, after an action that took all of its grace.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(2);

    private Step _step = grace <= TimeSpan.Zero ? Step.Hurry : action is not null ? Step.Begin : Step.Ask;
    private DateTimeOffset _end = now + grace, _least;

    private enum Step { Begin, Act, Ask, Wait, Hurry, Over }

    /// <summary>When it is ended by force.</summary>
    public DateTimeOffset By => _end;

    /// <summary>What is to be done before was begun, or there is nothing.</summary>
    public bool HasActed => _step != Step.Begin;

    /// <summary>When <see cref="Collect"/> has something to say; null: not by itself.</summary>
    public DateTimeOffset? Due => _step switch
    {
        Step.Over => null,
        Step.Act or Step.Wait => _end,
        _ => DateTimeOffset.MinValue,
    };

    /// <summary>A shorter grace than it had: by another request.</summary>
    public void Shorten(TimeSpan to, DateTimeOffset at)
    {
        if (at + to < _end) _end = at + to > _least ? at + to : _least;
    }

    /// <summary>The action is over, however it went.</summary>
    public void ActionEnded()
    {
        if (_step == Step.Act) _step = Step.Ask;
    }

    public void Collect(string container, DateTimeOffset at, List<Order> orders)
    {
        switch (_step)
        {
            case Step.Begin:
                orders.Add(new Order.PreStop { Container = container });
                _step = Step.Act;
                break;
            case Step.Ask:
            case Step.Act when at >= _end:
                orders.Add(new Order.Terminate { Container = container });
                _step = Step.Wait;
                if (action is not null) _least = at + Least;
                if (_end < _least) _end = _least;
                break;
            case Step.Hurry:
            case Step.Wait when at >= _end:
                orders.Add(new Order.Kill { Container = container });
                _step = Step.Over;
                break;
        }
    }
}
