using System.Globalization;
using System.Text.RegularExpressions;

namespace Dataplane.Cli.Logs;

/// <summary>Times such as <c>1h30m</c>, as Go's time.ParseDuration reads them.</summary>
internal static partial class Duration
{
    /// <summary>Whole seconds, one at least; null: the text is none.</summary>
    public static int? Seconds(string text)
    {
        if (!Whole().IsMatch(text)) return null;
        var seconds = 0.0;
        foreach (Match part in Part().Matches(text))
        {
            seconds += double.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * part.Groups[2].Value switch
            {
                "h" => 3600,
                "m" => 60,
                "s" => 1,
                _ => 0.001,
            };
        }
        return seconds is > 0 and < int.MaxValue ? (int)Math.Ceiling(seconds) : null;
    }

    [GeneratedRegex("^([0-9]+(\\.[0-9]+)?(h|ms|m|s))+$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex("([0-9]+(?:\\.[0-9]+)?)(h|ms|m|s)", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
