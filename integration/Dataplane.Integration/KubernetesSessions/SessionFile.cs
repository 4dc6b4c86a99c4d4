using System.Globalization;

namespace Dataplane.Integration.KubernetesSessions;

/// <summary>
/// A session as a terminal shows it: <c>$ command</c>, its further lines after <c>&gt; </c>, then what it prints, and
/// <c>[exit 1]</c> where the code is not 0. <c>## </c> begins prose. <c>~1.20</c> begins what a client of that version
/// prints instead, <c>~1.20: reason</c> says why it is not run with that; <c>~not yet: key</c> with none, for the
/// reason in <c>not-yet.txt</c>.
/// </summary>
internal sealed class SessionFile
{
    private const string Prompt = "$ ", More = "> ", Prose = "## ", Otherwise = "~", NotYet = "~not yet: ";

    private readonly string[] _after;

    private SessionFile(IReadOnlyList<SessionStep> steps, string[] after) => (Steps, _after) = (steps, after);

    public IReadOnlyList<SessionStep> Steps { get; }

    public static SessionFile Read(string path)
    {
        var (lines, steps, at, before) = (File.ReadAllLines(path), new List<SessionStep>(), 0, new List<string>());
        while (at < lines.Length)
        {
            if (!lines[at].StartsWith(Prompt, StringComparison.Ordinal))
            {
                if (!IsLayout(lines[at])) throw new FormatException($"{path}:{at + 1}: no command stands above this");
                before.Add(lines[at++]);
                continue;
            }
            steps.Add(Step(lines, ref at, [.. before]));
            before.Clear();
        }
        return new SessionFile(steps, [.. before]);
    }

    public SessionFile With(IReadOnlyList<SessionStep> steps) => new(steps, _after);

    public void Write(string path) => File.WriteAllLines(path, Steps.SelectMany(Lines).Concat(_after));

    private static SessionStep Step(string[] lines, ref int at, string[] before)
    {
        var line = at + 1;
        var command = new List<string> { lines[at++][Prompt.Length..] };
        while (at < lines.Length && lines[at].StartsWith(More, StringComparison.Ordinal))
        {
            command.Add(lines[at++][More.Length..]);
        }
        var wanted = Wanted(lines, ref at);
        var (other, notRun) = (new Dictionary<string, Wanted>(), new Dictionary<string, string>());
        string? notYet = null;
        while (at < lines.Length && lines[at].StartsWith(Otherwise, StringComparison.Ordinal))
        {
            var said = lines[at++];
            if (said.StartsWith(NotYet, StringComparison.Ordinal)) notYet = said[NotYet.Length..];
            else if (said.Split(": ", 2) is [var version, var reason]) notRun[version[Otherwise.Length..]] = reason;
            else other[said[Otherwise.Length..]] = Wanted(lines, ref at);
        }
        return new SessionStep(before, line, [.. command], wanted, other, notRun, notYet);
    }

    /// <summary>Empty lines at its end are layout.</summary>
    private static Wanted Wanted(string[] lines, ref int at)
    {
        var (said, code, start) = (new List<string>(), 0, at);
        while (at < lines.Length && !Ends(lines[at])) said.Add(lines[at++]);
        if (said.Count > 0 && said[^1].Trim().Length == 0)
        {
            at -= said.AsEnumerable().Reverse().TakeWhile(l => l.Length == 0).Count();
            said = said[..(at - start)];
        }
        if (said.Count > 0 && said[^1].StartsWith("[exit ", StringComparison.Ordinal))
        {
            code = int.Parse(said[^1]["[exit ".Length..^1], CultureInfo.InvariantCulture);
            said.RemoveAt(said.Count - 1);
        }
        return new Wanted([.. said], code);
    }

    private static bool IsLayout(string line) => line.Length == 0 || line.StartsWith(Prose, StringComparison.Ordinal);

    private static bool Ends(string line) =>
        line.StartsWith(Prompt, StringComparison.Ordinal) || line.StartsWith(Prose, StringComparison.Ordinal)
        || line.StartsWith(Otherwise, StringComparison.Ordinal);

    private static IEnumerable<string> Lines(SessionStep step) =>
    [
        .. step.Before,
        Prompt + step.Command[0],
        .. step.Command.Skip(1).Select(l => More + l),
        .. Lines(step.Wanted),
        .. step.Other.SelectMany(o => Lines(o.Value).Prepend(Otherwise + o.Key)),
        .. step.NotRun.Select(n => $"{Otherwise}{n.Key}: {n.Value}"),
        .. step.NotYet is null ? Array.Empty<string>() : [NotYet + step.NotYet],
    ];

    private static string[] Lines(Wanted wanted) =>
        wanted.ExitCode == 0 ? wanted.Lines : [.. wanted.Lines, $"[exit {wanted.ExitCode}]"];
}
