namespace Dataplane.Kubernetes.Diagnostics;

/// <summary>Collects what is found, up to a bound: a hostile file must not turn into gigabytes of complaints.</summary>
/// <param name="ignored">Codes of errors that the user does not want to be stopped by.</param>
internal sealed class DiagnosticBag(IReadOnlyList<string>? ignored = null)
{
    /// <summary>Findings of one severity that are kept.</summary>
    public const int Limit = 1000;

    private readonly List<Diagnostic> _found = [];
    private readonly int[] _counts = new int[Enum.GetValues<Severity>().Length];
    private Diagnostic? _worstLeftOut;
    private int _leftOut;

    public IReadOnlyList<string> Ignored { get; } = ignored ?? [];

    public int Count => _found.Count;

    public bool HasErrors => _counts[(int)Severity.Error] > 0;

    /// <summary>Whether no further error is kept: what explains one is not worth its time.</summary>
    public bool IsFull => _counts[(int)Severity.Error] >= Limit;

    /// <summary>Errors, those that are not kept included.</summary>
    public int Errors { get; private set; }

    /// <summary>What is kept, in the order in which it was found.</summary>
    public IReadOnlyList<Diagnostic> Found => _found;

    /// <summary>Whether what has this error is to be left out with a note instead.</summary>
    public bool Ignores(string code) => Ignored.Contains(code);

    public void AddAll(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            Add(diagnostic);
        }
    }

    public void Add(DiagnosticBag others)
    {
        foreach (var diagnostic in others._found)
        {
            Add(diagnostic);
        }
        _leftOut += others._leftOut;
        Errors += others.Errors - others._counts[(int)Severity.Error];
        if (others._worstLeftOut is { } worst && (_worstLeftOut is null || worst.Severity < _worstLeftOut.Severity))
        {
            _worstLeftOut = worst;
        }
    }

    public void Add(Diagnostic diagnostic)
    {
        Errors += diagnostic.Severity == Severity.Error ? 1 : 0;
        // Counted apart: errors decide whether the result may be used, so notes never take their place.
        if (_counts[(int)diagnostic.Severity] < Limit)
        {
            _counts[(int)diagnostic.Severity]++;
            _found.Add(diagnostic);
        }
        else
        {
            _leftOut++;
            _worstLeftOut = _worstLeftOut is null
                || diagnostic.Severity < _worstLeftOut.Severity ? diagnostic : _worstLeftOut;
        }
    }

    /// <summary>
    /// Everything, ordered by file, line and column; duplicates of the same finding at the same place are one.
    /// </summary>
    public IReadOnlyList<Diagnostic> ToSortedList()
    {
        var list = _found
            .OrderBy(d => d.Position.File, StringComparer.Ordinal).ThenBy(d => d.Position.Line)
                .ThenBy(d => d.Position.Column)
            .Distinct().ToList();
        if (_worstLeftOut is not null)
        {
            list.Add(new Diagnostic(Codes.TooManyProblems, _worstLeftOut.Severity,
                $"{_leftOut} more findings are not shown", _worstLeftOut.Position));
        }
        return list;
    }
}
