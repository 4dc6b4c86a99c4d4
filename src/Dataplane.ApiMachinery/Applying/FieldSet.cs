using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Applying;

/// <summary>
/// A set of paths to fields of an object: the fieldsV1 of a manager. A tree of <see cref="PathElement"/>s; a path is in
/// the set whether or not longer ones are.
/// </summary>
internal sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    /// <summary>The path to this place is itself in the set.</summary>
    public bool IsMember { get; private set; }

    public IReadOnlyDictionary<string, FieldSet> Children => _children;

    public bool IsEmpty => !IsMember && _children.Count == 0;

    public void Add(IEnumerable<string> path)
    {
        var place = this;
        foreach (var element in path)
        {
            if (!place._children.TryGetValue(element, out var next))
            {
                place._children[element] = next = new FieldSet();
            }
            place = next;
        }
        place.IsMember = true;
    }

    public bool Contains(params IEnumerable<string> path)
    {
        var place = this;
        foreach (var element in path)
        {
            if (!place._children.TryGetValue(element, out place))
            {
                return false;
            }
        }
        return place.IsMember;
    }

    public FieldSet Union(FieldSet other) => Combined(other, (mine, theirs) => mine || theirs);

    public FieldSet Intersection(FieldSet other) => Combined(other, (mine, theirs) => mine && theirs);

    public FieldSet Difference(FieldSet other) => Combined(other, (mine, theirs) => mine && !theirs);

    /// <summary>In order; each is the caller's own.</summary>
    public IEnumerable<IReadOnlyList<string>> Paths()
    {
        var found = new List<IReadOnlyList<string>>();
        Collect([], found);
        return found;
    }

    public JsonObject ToJson()
    {
        var result = new JsonObject();
        if (IsMember && _children.Count > 0)
        {
            result["."] = new JsonObject();
        }
        foreach (var (element, child) in _children)
        {
            result[element] = child.ToJson();
        }
        return result;
    }

    /// <summary>Steps that are not understood are left out.</summary>
    public static FieldSet Parse(JsonObject fields)
    {
        var result = Place(fields);
        // The object itself is no field.
        result.IsMember = false;
        return result;
    }

    private static FieldSet Place(JsonObject fields)
    {
        var result = new FieldSet { IsMember = fields.Count == 0 || fields.ContainsKey(".") };
        foreach (var (key, value) in fields)
        {
            if (key != "." && PathElement.Normal(key) is { } element && value is JsonObject inner)
            {
                result._children[element] = Place(inner);
            }
        }
        return result;
    }

    private FieldSet Combined(FieldSet other, Func<bool, bool, bool> rule)
    {
        var result = new FieldSet { IsMember = rule(IsMember, other.IsMember) };
        foreach (var element in _children.Keys.Union(other._children.Keys))
        {
            var child = _children.GetValueOrDefault(element, Nothing)
                .Combined(other._children.GetValueOrDefault(element, Nothing), rule);
            if (!child.IsEmpty)
            {
                result._children[element] = child;
            }
        }
        return result;
    }

    private void Collect(string[] path, List<IReadOnlyList<string>> found)
    {
        if (IsMember)
        {
            found.Add(path);
        }
        foreach (var (element, child) in _children)
        {
            child.Collect([.. path, element], found);
        }
    }

    private static readonly FieldSet Nothing = new();
}
