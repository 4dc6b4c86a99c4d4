using System.Globalization;
using System.Net.Sockets;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Terminal;

/// <summary>Text for verdicts, counts and times, the same in all outputs.</summary>
internal static class Words
{
    /// <summary>The verdict in tables.</summary>
    public static string Verdict(bool allowed) => allowed ? "ALLOWED" : "DENIED";

    public static string Verdict(Measured measured) => measured switch
    {
        Measured.Undecided => "UNKNOWN",
        Measured.Refused => "REFUSED",
        _ => Verdict(measured == Measured.Allowed),
    };

    public static string Verdict(Outcome outcome) => Value(outcome).ToUpperInvariant();

    /// <summary>The verdict in JSON and CSV.</summary>
    public static string Value(Outcome outcome) => outcome switch
    {
        Outcome.Allowed => "allowed",
        Outcome.Partial => "partial",
        Outcome.Denied => "denied",
        Outcome.Refused => "refused",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    /// <param name="answer">Null if undecided.</param>
    public static string ValueOrUndecided(Outcome? answer) => answer is { } outcome ? Value(outcome) : "undecided";

    /// <inheritdoc cref="ValueOrUndecided"/>
    public static string VerdictOrUnknown(Outcome? answer) => answer is { } outcome ? Verdict(outcome) : "UNKNOWN";

    /// <inheritdoc cref="Value(Outcome)"/>
    public static string Value(bool allowed) => allowed ? "allowed" : "denied";

    /// <summary><c>1 error</c>, <c>2 errors</c>, <c>3 policies</c>.</summary>
    public static string Count(int number, string thing) =>
        number == 1 ? $"1 {thing}" : thing.EndsWith('y') ? $"{number} {thing[..^1]}ies" : $"{number} {thing}s";

    /// <param name="answer">Null if undecided.</param>
    public static string Verdict(bool? answer) => answer is { } allowed ? Verdict(allowed) : "UNKNOWN";

    public static string Families(IEnumerable<AddressFamily> families) =>
        string.Join(" and ", families.Order().Select(f => f.Text()));

    /// <summary>Seconds for one second and longer, otherwise milliseconds.</summary>
    public static string Time(TimeSpan time) => time.TotalSeconds >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMilliseconds):0} ms");
}
