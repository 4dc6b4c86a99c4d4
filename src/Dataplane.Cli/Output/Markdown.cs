using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Output;

/// <summary>Names in Markdown as GitHub has it: text that others wrote makes no markup.</summary>
internal static class Markdown
{
    /// <summary>A code span, also inside a table.</summary>
    public static string Code(string text)
    {
        var shown = Visible.Line(text).Replace("|", "\\|", StringComparison.Ordinal);
        var fence = "`";
        while (shown.Contains(fence, StringComparison.Ordinal)) fence += "`";
        // One blank at both ends is no part of the code.
        return fence.Length == 1 ? $"`{shown}`" : $"{fence} {shown} {fence}";
    }

    /// <summary>Text in a cell of a table.</summary>
    public static string Cell(string text)
    {
        var shown = Visible.Line(text);
        foreach (var mark in (string[])["\\", "|", "`", "<", "[", "&"])
            shown = shown.Replace(mark, $"\\{mark}", StringComparison.Ordinal);
        return shown;
    }
}
