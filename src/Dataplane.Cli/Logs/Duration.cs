using System.Globalization;
using System.Text.RegularExpressions;

namespace Dataplane.Cli.Logs;

/// <summary>Times such as <c>1h30m</c>, as Go's time.ParseDuration reads them.</summary>
internal static partial class Duration
{
    private const double Hour = 3600, Minute = 60, Millisecond = 0.001;

    /// <summary>Whole seconds, one at least; null: the text is none.</summary>
    public static int? Seconds(string text)
    {
        if (!Whole().IsMatch(text)) return null;
        var seconds = 0.0;
        foreach (Match part in Part().Matches(text))
        {
            var unit = part.Groups[2].Value switch { "h" => Hour, "m" => Minute, "s" => 1, _ => Millisecond };
            seconds += double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * unit;
        }
        return seconds is > 0 and < int.MaxValue ? (int)Math.Ceiling(seconds) : null;
    }

    [GeneratedRegex("^([0-9]+(\\.[0-9]+)?(h|ms|m|s))+$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex("([0-9]+(?:\\.[0-9]+)?)(h|ms|m|s)", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
