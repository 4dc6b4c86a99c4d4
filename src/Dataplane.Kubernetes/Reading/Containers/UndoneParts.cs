using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Reading.Fields;

namespace Dataplane.Kubernetes.Reading.Containers;

/// <summary>What the containers of a pod ask for and do not get when they run here: one note for all of it.</summary>
internal sealed class UndoneParts
{
    /// <summary>How many are named in the note.</summary>
    private const int Named = 3;

    private readonly SortedSet<string> _what = new(StringComparer.Ordinal);
    private NodeReader? _first;

    /// <param name="at">The field.</param>
    /// <param name="what">As a field of a container, such as <c>envFrom</c>.</param>
    public void Add(NodeReader at, string what)
    {
        _first ??= at;
        _what.Add(what);
    }

    public void Report()
    {
        if (_first is { } at)
        {
            var more = _what.Count > Named ? $" and {_what.Count - Named} more" : "";
            at.Bag.Add(new Diagnostic(Codes.NotRun, Severity.Note,
                $"read, and not done where the pod's programs run: {string.Join(", ", _what.Take(Named))}{more}",
                at.Position, at.Length, "read, and not done") { Tally = new Tally("pod", 1) });
        }
    }
}
