using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Page;

/// <summary>
/// The lines that a page shows of manifests: those of policies alone. What else stands in their files, such as
/// Secrets, stays out.
/// </summary>
internal sealed class PageFiles
{
    /// <summary>Largest number of lines of one object, and of lines before its kind.</summary>
    private const int Longest = 150, MostBefore = 12;

    private readonly SortedDictionary<(string File, int Line), PagePart> _parts = [];

    public IReadOnlyList<PagePart> Parts => [.. _parts.Values];

    /// <param name="at">Where the object stands.</param>
    public void AddObject(IReadOnlyDictionary<string, SourceText> sources, SourcePosition at)
    {
        if (!sources.TryGetValue(at.File, out var text) || text.Line(at.Line).IsEmpty) return;
        var (first, last) = (at.Line, at.Line);
        while (first > 1 && at.Line - first < MostBefore && !IsBorder(text.Line(first - 1))
            && !IsItem(text.Line(first)))
        {
            first--;
        }
        while (last - first < Longest && Exists(text, last + 1) && !IsBorder(text.Line(last + 1))
            && !IsItem(text.Line(last + 1)))
        {
            last++;
        }
        Add(text, first, last);
    }

    /// <summary>A few lines of a file around one.</summary>
    public void AddAround(SourceText text, int line)
    {
        const int around = 3;
        Add(text, Math.Max(1, line - around), Math.Min(text.LastLine, line + around));
    }

    private void Add(SourceText text, int first, int last) => _parts[(text.File, first)] = new PagePart(
        text.File, first, [.. Enumerable.Range(first, last - first + 1).Select(n => text.Line(n).ToString())]);

    /// <summary>A file may have been read in parts.</summary>
    private static bool Exists(SourceText text, int line) => line <= text.LastLine || !text.Line(line).IsEmpty;

    private static bool IsBorder(ReadOnlySpan<char> line) => line.StartsWith("---") || line.StartsWith("...");

    /// <summary>Where an item of a List begins.</summary>
    private static bool IsItem(ReadOnlySpan<char> line) => line.TrimStart() is var trimmed
        && (trimmed.StartsWith("- apiVersion:") || trimmed.StartsWith("- kind:"));
}
