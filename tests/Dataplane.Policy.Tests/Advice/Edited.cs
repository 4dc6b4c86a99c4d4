using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Policy.Tests.Advice;

/// <summary>Applies edits to a text, as a program would that is given no more than their places.</summary>
internal static class Edited
{
    /// <summary>The edits of one finding may not overlap.</summary>
    public static string Text(string text, Fix fix)
    {
        var source = new SourceText("x", text);
        var edits = fix.Edits.Select(e => (Start: At(e.Start), End: At(e.End), e.Replacement))
            .OrderBy(e => e.Start).ThenBy(e => e.End).ToList();
        var edited = new System.Text.StringBuilder();
        var done = 0;
        foreach (var (start, end, replacement) in edits)
        {
            Assert.True(start >= done && end >= start, $"edits overlap at {start}");
            edited.Append(text, done, start - done).Append(replacement);
            done = end;
        }
        return edited.Append(text, done, text.Length - done).ToString();

        // A place behind the last line is the end of the text.
        int At(SourcePosition place) => place.Line > source.LastLine ? text.Length
            : source.StartOf(place.Line) + place.Column - 1;
    }
}
