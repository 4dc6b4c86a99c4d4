using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Loading;

/// <summary>
/// Takes items of lists out of a document's text that are left out as asked for, so that who reads the text without
/// being asked the same reads the same objects, at the same places.
/// </summary>
internal static class LeftOutItems
{
    /// <param name="document">The text of one document.</param>
    /// <param name="items">Items of its lists; other nodes stay as they are.</param>
    /// <returns>The text with blanks in place of the items.</returns>
    public static string Blank(SourceText document, IReadOnlyList<YamlNode> items)
    {
        if (items.Count == 0)
        {
            return document.Text;
        }
        var yaml = new YamlText(document);
        var text = document.Text.ToCharArray();
        foreach (var item in items)
        {
            var at = yaml.Place(item.Line, item.Column);
            if (yaml.Dash(at) is { } dash)
            {
                var last = yaml.LastLine(yaml.Place(at.Line, dash));
                Clear(text, document.StartOf(at.Line),
                    last < document.LastLine ? document.StartOf(last + 1) : text.Length);
            }
            else if (yaml.IsFlow(at))
            {
                var end = yaml.End(at, inFlow: true);
                var behind = document.StartOf(end.Line) + end.Column - 1;
                Clear(text, document.StartOf(at.Line) + at.Column - 1, WithComma(document.Text, behind));
            }
        }
        return new string(text);
    }

    /// <summary>The end of an item of a list in brackets, with the comma that may follow it.</summary>
    private static int WithComma(string text, int end)
    {
        var next = end;
        while (next < text.Length && char.IsWhiteSpace(text[next]))
        {
            next++;
        }
        return next < text.Length && text[next] == ',' ? next + 1 : end;
    }

    private static void Clear(char[] text, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            text[i] = char.IsWhiteSpace(text[i]) ? text[i] : ' ';
        }
    }
}
