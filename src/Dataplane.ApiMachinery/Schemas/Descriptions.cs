namespace Dataplane.ApiMachinery.Schemas;

/// <summary>
/// Our own sentences for the kinds and fields that people ask about most. A line is <c>core.v1.Pod: sentence</c> for a
/// type, or <c> field: sentence</c>, behind a space, for a field of the type before it.
/// </summary>
internal sealed class Descriptions
{
    private static readonly Dictionary<string, string> None = [];

    private readonly Dictionary<string, Dictionary<string, string>> _byType = [];

    /// <exception cref="FormatException">A line has no sentence, or a type stands twice.</exception>
    public Descriptions(string text)
    {
        Dictionary<string, string>? current = null;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(": ", 2) is not [var name, var sentence])
            {
                throw new FormatException($"'{line}' has no sentence");
            }
            if (!name.StartsWith(' '))
            {
                _byType.Add(name, current = new() { [""] = sentence });
            }
            else if (current?.TryAdd(name[1..], sentence) != true)
            {
                throw new FormatException($"'{line}' stands before any type, or for the second time");
            }
        }
    }

    public IEnumerable<string> Types => _byType.Keys;

    /// <summary>The sentences for the fields of a type, that of the type itself under the empty name.</summary>
    /// <param name="type">With the short name of its package: <c>core.v1.Pod</c>.</param>
    public IReadOnlyDictionary<string, string> Of(string type) => _byType.GetValueOrDefault(type, None);
}
