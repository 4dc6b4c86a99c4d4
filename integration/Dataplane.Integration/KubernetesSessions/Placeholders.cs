using System.Text.RegularExpressions;

namespace Dataplane.Integration.KubernetesSessions;

/// <summary>
/// Words such as <c>&lt;age&gt;</c> in the expected output, which stand for what is another each time. A line that is
/// <c>...</c> stands for any lines, or none. Columns are as wide as what is in them: a gap of any width is one gap.
/// </summary>
internal static partial class Placeholders
{
    /// <summary>The later ones are parts of what the earlier ones stand for.</summary>
    private static readonly (string Name, string Pattern)[] Known =
    [
        ("uid", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("time", @"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?: ?Z| [+-]\d{4} [A-Z]+)?"
            + @"|[A-Z][a-z]{2},? +(?:[A-Z][a-z]{2} +\d+|\d+ [A-Z][a-z]{2}(?: \d{4})?)"
            + @" \d\d:\d\d:\d\d (?:\d{4}|[+-]\d{4})"),
        ("ip", @"\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:]*:[0-9a-f:]*"),
        ("node", @"dataplane-\d+-\d+-\d+"),
        ("folder", @"/tmp/dataplane-test-\w+"),
        ("age", "(?:[0-9]+[smhd]){1,2}"),
        ("hash", "[0-9a-z]{5,10}"),
        ("number", "[0-9]+"),
        ("name", "[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"),
        ("any", ".*"),
    ];

    public static Regex Pattern(string[] lines) => new(
        @"\A" + string.Concat(lines.Select(l => l == "..." ? "(?:[^\n]*\n)*?" : $"{OfLine(l)}\n")) + @"\z");

    /// <summary>Lines without what follows from the width of columns, each with its end.</summary>
    public static string Even(string output) =>
        output.Trim().Length == 0 ? ""
            : string.Concat(output.TrimEnd().Split('\n').Select(l => EvenLine(l) + "\n"));

    /// <summary>What was printed, with placeholders for what another run prints otherwise.</summary>
    public static string[] Generalised(string output) => output.Trim().Length == 0 ? [] :
        [.. output.TrimEnd().Split('\n').Select(line => Known.Take(6).Aggregate(line.TrimEnd(), (text, known) =>
            Regex.Replace(text, $@"(?<=^|[\s""'(/=:|,\[])(?:{known.Pattern})(?=$|[\s""'),/:|\]])",
                $"<{known.Name}>")))];

    private static string EvenLine(string line) => Gap().Replace(line.TrimEnd(), "  ");

    private static string OfLine(string line) => Known.Aggregate(Regex.Escape(EvenLine(line)),
        (text, known) => text.Replace($"<{known.Name}>", $"(?:{known.Pattern})", StringComparison.Ordinal));

    /// <summary>Blanks that are not the indentation of a line.</summary>
    [GeneratedRegex(@"(?<=\S)(?: {2,}|[ ]*\t[ \t]*)")]
    private static partial Regex Gap();
}
