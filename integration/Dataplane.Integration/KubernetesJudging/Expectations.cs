using System.IO.Enumeration;

namespace Dataplane.Integration.KubernetesJudging;

/// <summary>
/// Differences that are as they should be: lines of a call and a field, both with <c>*</c>, below a reason that begins
/// with <c>#</c>.
/// </summary>
internal sealed class Expectations
{
    private readonly List<(string Line, string Call, string Field)> _lines = [];

    /// <exception cref="FormatException">A line is not as it should be, or has no reason above it.</exception>
    public Expectations(string text)
    {
        var hasReason = false;
        foreach (var line in text.Split('\n').Where(l => l.Length > 0))
        {
            if (line.StartsWith('#')) hasReason = true;
            else if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var call, var field] && hasReason)
                _lines.Add((line, call, field));
            else throw new FormatException($"'{line}': write CALL FIELD below a line '# reason'");
        }
    }

    /// <summary>What no line expects.</summary>
    public IEnumerable<Difference> Unexpected(IEnumerable<Difference> found) =>
        found.Where(d => !_lines.Exists(l => IsOf(l, d)));

    /// <summary>Lines that nothing is of any more.</summary>
    public IEnumerable<string> Vanished(IReadOnlyCollection<Difference> found) =>
        _lines.Where(l => !found.Any(d => IsOf(l, d))).Select(l => l.Line);

    private static bool IsOf((string Line, string Call, string Field) line, Difference difference) =>
        FileSystemName.MatchesSimpleExpression(line.Call, difference.Call, ignoreCase: false)
        && FileSystemName.MatchesSimpleExpression(line.Field, difference.Field, ignoreCase: false);
}
