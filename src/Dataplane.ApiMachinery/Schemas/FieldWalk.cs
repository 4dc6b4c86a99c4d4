using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Schemas;

/// <summary>
/// Goes through an object along its type, in the order of the object, and keeps the path of where it is. Not safe for
/// concurrent use.
/// </summary>
internal abstract class FieldWalk
{
    private readonly StringBuilder _path = new();

    /// <summary>Such as <c>spec.containers[0].ports</c>; the keys of maps are written like fields.</summary>
    protected string Path => _path.ToString();

    public void Walk(JsonObject mapping, ApiType type)
    {
        var length = _path.Length;
        foreach (var (key, value) in mapping)
        {
            Enter(key);
            if (type.Find(key) is { } field)
            {
                Visit(value, field);
            }
            else if (!type.KeepsUnknown)
            {
                FoundUnknown(mapping, key);
            }
            _path.Length = length;
        }
    }

    /// <summary>A field that the type does not have. The mapping must not be changed yet.</summary>
    protected abstract void FoundUnknown(JsonObject mapping, string key);

    /// <summary>A value, an item of a list or a value of a map that is not what the field holds.</summary>
    protected abstract void FoundMismatch(string expected, JsonNode value);

    private void Visit(JsonNode? value, ApiField field)
    {
        var length = _path.Length;
        switch (field.Count, value)
        {
            case (_, null):
                return;
            case (ValueCount.One, _):
                VisitOne(value, field);
                return;
            case (ValueCount.List, JsonArray list):
                for (var i = 0; i < list.Count; i++)
                {
                    _path.Append(CultureInfo.InvariantCulture, $"[{i}]");
                    VisitOne(list[i], field);
                    _path.Length = length;
                }
                return;
            case (ValueCount.Map, JsonObject map):
                foreach (var (key, item) in map)
                {
                    Enter(key);
                    VisitOne(item, field);
                    _path.Length = length;
                }
                return;
            default:
                FoundMismatch(field.Count == ValueCount.List ? "a list" : "a mapping", value);
                return;
        }
    }

    private void VisitOne(JsonNode? value, ApiField field)
    {
        if (value is null)
        {
            return;
        }
        if (ValueCheck.Expected(value, field) is { } expected)
        {
            FoundMismatch(expected, value);
        }
        else if (field.Type is { } type)
        {
            Walk((JsonObject)value, type());
        }
    }

    private void Enter(string key) => _path.Append(_path.Length == 0 ? "" : ".").Append(key);
}
