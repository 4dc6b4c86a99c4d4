namespace Dataplane.ApiMachinery.Schemas;

/// <summary>
/// What is known of one value inside an object: all of a field, or one item of its list, or one value of its map.
/// The default knows nothing: a mapping has free keys then, and a list is one value.
/// </summary>
internal readonly struct ValueSchema
{
    private readonly bool _isItem;

    private ValueSchema(ApiType? type, ApiField? field, bool isItem)
    {
        Type = type;
        Field = field;
        _isItem = isItem;
    }

    /// <summary>The type of a mapping whose fields are known; null: another value, or nothing is known.</summary>
    public ApiType? Type { get; }

    /// <summary>The field that the value is in; null: the value is the object itself, or nothing is known.</summary>
    public ApiField? Field { get; }

    /// <summary>The field, if the value is its whole list; otherwise null.</summary>
    public ApiField? List => Field is { Count: ValueCount.List } && !_isItem ? Field : null;

    /// <summary>A mapping that belongs to one manager as a whole.</summary>
    public bool IsAtomicMapping => Field is { IsAtomic: true } && _isItem == (Field.Count == ValueCount.List);

    /// <summary>An object; null: nothing is known of it.</summary>
    public static ValueSchema Of(ApiType? type) => new(type, null, isItem: false);

    /// <summary>A value of a mapping.</summary>
    public ValueSchema Child(string key)
    {
        if (Type is not null)
        {
            return Type.Find(key) is { } field ? OfField(field) : default;
        }
        return Field is { Count: ValueCount.Map } && !_isItem ? Item() : default;
    }

    /// <summary>A value of a list or map.</summary>
    public ValueSchema Item() =>
        Field is null || _isItem ? default : new ValueSchema(TypeOf(Field), Field, isItem: true);

    private static ValueSchema OfField(ApiField field) =>
        new(field.Count == ValueCount.One ? TypeOf(field) : null, field, isItem: false);

    private static ApiType? TypeOf(ApiField field) => field.Shape == ValueShape.Object ? field.Type?.Invoke() : null;
}
