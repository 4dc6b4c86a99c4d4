using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dataplane.ApiMachinery.Resources;

namespace Dataplane.ApiMachinery.Schemas;

/// <summary>
/// The types of the API. Immutable and safe for concurrent use; a type is read when it is first asked for.
/// </summary>
public sealed class SchemaSet
{
    /// <summary>The package of what all kinds share, such as <c>ObjectMeta</c> and <c>Status</c>.</summary>
    public const string Meta = "io.k8s.apimachinery.pkg.apis.meta.v1";

    private static readonly Lazy<SchemaSet> Embedded = new(() => new SchemaSet(SchemaText.ReadEmbedded(), []));

    private readonly SchemaText _text;
    private readonly ConcurrentDictionary<string, ApiType> _read = [];
    private readonly ImmutableDictionary<string, ApiType> _custom;

    private SchemaSet(SchemaText text, ImmutableDictionary<string, ApiType> custom) =>
        (_text, _custom) = (text, custom);

    /// <summary>
    /// The types of <see cref="ApiResources.BuiltIn"/>, of their lists, and of what is asked and answered beside them.
    /// </summary>
    public static SchemaSet BuiltIn => Embedded.Value;

    /// <summary>The type of <c>metadata</c>.</summary>
    public ApiType ObjectMeta => Known(Meta + ".ObjectMeta");

    /// <summary>The full names of all types but those of <see cref="With"/>, in no order.</summary>
    public IEnumerable<string> Names => _text.Names;

    /// <summary>The type of a kind; null: nothing is known of it.</summary>
    public ApiType? Of(ApiResource resource)
    {
        if (_custom.GetValueOrDefault(resource.Path) is { } custom)
        {
            return custom;
        }
        return _text.PackageOf(resource.Kind.ApiVersion) is { } package
            ? Find($"{package}.{resource.Kind.Name}") : null;
    }

    /// <summary>The type of that full name, such as <c>io.k8s.api.core.v1.PodSpec</c>; null: there is none.</summary>
    public ApiType? Find(string name)
    {
        if (_read.TryGetValue(name, out var type))
        {
            return type;
        }
        // Read by two threads at once it is the same twice, and the first is kept.
        return _text.Read(name, Known) is { } read ? _read.GetOrAdd(name, read) : null;
    }

    /// <summary>The same types and that of a kind which a CustomResourceDefinition adds, or replaces.</summary>
    public SchemaSet With(ApiResource resource, ApiType type) => new(_text, _custom.SetItem(resource.Path, type));

    /// <summary>The same types without that of a kind which <see cref="With"/> added.</summary>
    public SchemaSet Without(ApiResource resource) => new(_text, _custom.Remove(resource.Path));

    private ApiType Known(string name) =>
        Find(name) ?? throw new InvalidOperationException($"the embedded types name {name}, which they do not hold");
}
