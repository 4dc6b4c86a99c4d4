using System.Globalization;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;

namespace Dataplane.Kubernetes.Reading.Containers;

/// <summary>Fields with one value, or a list of texts, within the bounds of the API server.</summary>
internal static class Scalars
{
    /// <summary>The number of a field; null where it is absent, and, reported, where it is out of bounds.</summary>
    public static int? Number(MappingReader fields, string name, int least, int most = int.MaxValue)
    {
        if (fields.Field(name) is not { } at || at.Integer() is not { } value)
        {
            return null;
        }
        if (value >= least && value <= most)
        {
            return (int)value;
        }
        at.Error(Codes.InvalidValue, $"{at.Path}: {value} is not in {least} to {most}",
            value < 0 ? "negative" : "out of range");
        return null;
    }

    /// <summary>As <see cref="Number"/> from 1 on; 0 is the default, as for the API server.</summary>
    public static int OrDefault(MappingReader fields, string name, int otherwise) =>
        Number(fields, name, 0) is { } value and not 0 ? value : otherwise;

    public static bool? Flag(MappingReader fields, string name) => fields.Field(name)?.Boolean();

    /// <summary>A list of texts; what is none is reported and left out.</summary>
    public static EqualList<string> Texts(MappingReader fields, string name)
    {
        var items = fields.Items(name);
        return items.Count == 0 ? EqualList<string>.None : new([.. items.Select(i => i.String()).OfType<string>()]);
    }

    /// <summary>As messages write it.</summary>
    public static string Text(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);
}
