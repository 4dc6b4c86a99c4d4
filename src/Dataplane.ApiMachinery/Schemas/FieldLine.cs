namespace Dataplane.ApiMachinery.Schemas;

/// <summary>
/// One field as the embedded types write it: its name (with <c>!</c> where it is required), its value
/// (<c>[]</c> before that of a list, <c>{}</c> before that of a map), and rules of merging: <c>set</c>,
/// <c>map(KEY,...)</c>, <c>atomic</c>, <c>merge</c>, <c>merge(KEY)</c>, <c>retainKeys</c>, <c>replace</c>,
/// <c>default=VALUE</c>.
/// </summary>
internal static class FieldLine
{
    /// <param name="line">Without the space before it.</param>
    /// <param name="resolve">The full name of the type that a word means, and whether it is atomic.</param>
    /// <exception cref="FormatException">A word is not known.</exception>
    public static ApiField Read(ReadOnlySpan<char> line, Func<string, (string Name, bool IsAtomic)> resolve,
        Func<string, ApiType> find)
    {
        var name = Next(ref line);
        var value = Next(ref line);
        var count = value.StartsWith("[]") ? ValueCount.List : value.StartsWith("{}") ? ValueCount.Map : ValueCount.One;
        if (count != ValueCount.One)
        {
            value = value[2..];
        }
        var isRequired = name.EndsWith('!');
        var field = Value(name.TrimEnd('!').ToString(), count, value, resolve, find) with { IsRequired = isRequired };
        while (!line.IsEmpty)
        {
            field = Rule(field, Next(ref line));
        }
        return field;
    }

    private static ApiField Value(string name, ValueCount count, ReadOnlySpan<char> word,
        Func<string, (string Name, bool IsAtomic)> resolve, Func<string, ApiType> find)
    {
        var (shape, format) = word switch
        {
            "string" => (ValueShape.Text, ""),
            "byte" => (ValueShape.Text, "byte"),
            "time" => (ValueShape.Time, "date-time"),
            "int32" => (ValueShape.Integer, "int32"),
            "int64" => (ValueShape.Integer, "int64"),
            "integer" => (ValueShape.Integer, ""),
            "double" => (ValueShape.Number, "double"),
            "boolean" => (ValueShape.Boolean, ""),
            "quantity" => (ValueShape.Quantity, ""),
            "integer-or-string" => (ValueShape.IntegerOrText, "int-or-string"),
            "object" => (ValueShape.AnyObject, ""),
            "any" => (ValueShape.Any, ""),
            _ => (ValueShape.Object, ""),
        };
        if (shape != ValueShape.Object)
        {
            return new ApiField(name, shape, count, null) { Format = format };
        }
        var (type, isAtomic) = resolve(word.ToString());
        return new ApiField(name, shape, count, () => find(type)) { IsAtomic = isAtomic };
    }

    private static ApiField Rule(ApiField field, ReadOnlySpan<char> rule)
    {
        var open = rule.IndexOf('(');
        var argument = open < 0 ? "" : rule[(open + 1)..^1].ToString();
        return (open < 0 ? rule : rule[..open]) switch
        {
            "set" => field with { Merge = ListMerge.Set },
            "map" => field with { Merge = ListMerge.Map, Keys = argument.Split(',') },
            "atomic" => field with { IsAtomic = true },
            "merge" => field with { IsPatchMerged = true, PatchKey = argument.Length == 0 ? null : argument },
            "retainKeys" => field with { IsRetainKeys = true },
            "replace" => field with { IsPatchReplaced = true },
            _ when rule.StartsWith("default=") => field with { Default = rule["default=".Length..].ToString() },
            _ => throw new FormatException($"{field.Name}: {rule} is no rule of merging"),
        };
    }

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> line)
    {
        var space = line.IndexOf(' ');
        var word = space < 0 ? line : line[..space];
        line = space < 0 ? [] : line[(space + 1)..];
        return word;
    }
}
