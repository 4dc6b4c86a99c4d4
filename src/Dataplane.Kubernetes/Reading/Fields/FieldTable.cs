namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>The fields one type of the API has, so that any other is an error at its place.</summary>
/// <param name="typeName">As the API names it, such as <c>NetworkPolicySpec</c>.</param>
internal sealed class FieldTable(string typeName, params Field[] fields)
{
    /// <summary>Of mappings whose fields are not known.</summary>
    public static readonly FieldTable Unknown = new("object");

    private readonly Dictionary<string, Field> _byName = fields.ToDictionary(f => f.Name);

    public string TypeName { get; } = typeName;

    /// <summary>The items of ingress and egress.</summary>
    public bool IsRule => TypeName.EndsWith("Rule", StringComparison.Ordinal);

    public IReadOnlyList<Field> Fields { get; } = fields;

    public bool Knows(string name) => _byName.ContainsKey(name);

    public Field? Find(string name) => _byName.GetValueOrDefault(name);
}

internal enum FieldShape
{
    /// <summary>Nothing below it is looked at, or it is a scalar.</summary>
    Leaf,
    /// <summary>A mapping with the fields of <see cref="Field.Type"/>.</summary>
    Object,
    /// <summary>A list of such mappings.</summary>
    List,
    /// <summary>A mapping with free keys, such as labels.</summary>
    Map,
}

/// <summary>One field of a type.</summary>
/// <param name="WhenEmpty">What it means for traffic when nothing stands under it: shown when its content slipped out
/// by indentation.</param>
internal sealed record Field(string Name, FieldShape Shape = FieldShape.Leaf, FieldTable? Type = null,
    string? WhenEmpty = null)
{
    public static implicit operator Field(string name) => new(name);
}
