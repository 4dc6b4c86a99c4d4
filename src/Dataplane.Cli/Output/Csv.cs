using System.Buffers;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Output;

/// <summary>A field of comma-separated values, RFC 4180.</summary>
internal static class Csv
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"");

    /// <summary>What a spreadsheet takes for the beginning of a formula.</summary>
    private static readonly SearchValues<char> Formula = SearchValues.Create("=+-@");

    /// <summary>In quotes where it must be. A formula becomes text, by the apostrophe in front of it.</summary>
    public static string Field(string text)
    {
        var shown = Visible.Line(text);
        if (shown.Length > 0 && Formula.Contains(shown[0])) shown = $"'{shown}";
        return shown.AsSpan().ContainsAny(Special)
            ? $"\"{shown.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : shown;
    }
}
