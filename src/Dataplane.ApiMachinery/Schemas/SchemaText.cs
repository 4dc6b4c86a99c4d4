using System.Reflection;

namespace Dataplane.ApiMachinery.Schemas;

/// <summary>
/// The types of the API as the program embeds them: where each stands in the text, read when it is asked for. A line
/// is <c>package SHORT FULL APIVERSION</c>, a type (in the package of the line before it), or a field of that type
/// behind a space; <see cref="FieldLine"/> says what is in one. Immutable.
/// </summary>
internal sealed class SchemaText
{
    private readonly Dictionary<string, Place> _types = [];
    private readonly Dictionary<string, string> _packages = [];
    private readonly Dictionary<string, string> _packagesByVersion = [];
    private readonly Descriptions _descriptions;

    /// <param name="texts">Each complete in itself.</param>
    /// <exception cref="FormatException">A type stands twice or before any package.</exception>
    public SchemaText(IEnumerable<string> texts, Descriptions descriptions)
    {
        _descriptions = descriptions;
        foreach (var text in texts)
        {
            Index(text);
        }
    }

    public IEnumerable<string> Names => _types.Keys;

    public static SchemaText ReadEmbedded() =>
        new([Resource("schemas.txt"), Resource("tier-policies.txt")], new Descriptions(Resource("descriptions.txt")));

    /// <summary>The package of the kinds of a group and version, such as <c>apps/v1</c>; null: none.</summary>
    public string? PackageOf(string apiVersion) => _packagesByVersion.GetValueOrDefault(apiVersion);

    /// <summary>A type by its full name; null: there is none.</summary>
    /// <param name="find">Finds the types of its fields, when they are asked for.</param>
    public ApiType? Read(string name, Func<string, ApiType> find)
    {
        if (!_types.TryGetValue(name, out var place))
        {
            return null;
        }
        var package = place.Package;
        var sentences = _descriptions.Of(package.Short + name[package.Full.Length..]);
        var fields = new List<ApiField>();
        foreach (var line in place.Text.AsSpan(place.Start..place.End).EnumerateLines())
        {
            if (line.StartsWith(' '))
            {
                var field = FieldLine.Read(line[1..], reference => Reference(reference, package), find);
                fields.Add(field with { Description = sentences.GetValueOrDefault(field.Name, "") });
            }
        }
        return new ApiType(name, fields) { Description = sentences.GetValueOrDefault("", "") };
    }

    /// <summary>The full name of a type as a field of a package writes it: <c>Container</c>, <c>core.v1.Pod</c>.</summary>
    private (string Name, bool IsAtomic) Reference(string word, Package from)
    {
        var dot = word.LastIndexOf('.');
        var name = dot < 0 ? $"{from.Full}.{word}" : _packages[word[..dot]] + word[dot..];
        return (name, _types[name].IsAtomic);
    }

    private void Index(string text)
    {
        Package? package = null;
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = text.IndexOf('\n', start) + 1;
            var line = text[start..(end - 1)];
            if (line.StartsWith("package ", StringComparison.Ordinal))
            {
                package = AddPackage(line.Split(' '));
            }
            else if (!line.StartsWith('#'))
            {
                while (end < text.Length && text[end] == ' ')
                {
                    end = text.IndexOf('\n', end) + 1;
                }
                var words = line.Split(' ');
                var owner = package ?? throw new FormatException($"the type {line} stands before any package");
                _types.Add($"{owner.Full}.{words[0]}", new Place(text, start, end, words.Length > 1, owner));
            }
        }
    }

    private Package AddPackage(string[] words)
    {
        _packages.Add(words[1], words[2]);
        if (words.Length > 3)
        {
            _packagesByVersion.Add(words[3], words[2]);
        }
        return new Package(words[1], words[2]);
    }

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private sealed record Package(string Short, string Full);

    /// <summary>Where a type stands: its own line and those of its fields.</summary>
    private readonly record struct Place(string Text, int Start, int End, bool IsAtomic, Package Package);
}
