using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Schemas;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Requests;
using Dataplane.Daemon.KubernetesApi.Shaping;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>The types of objects, and fields that they do not have.</summary>
internal sealed class Fields(ServedKinds kinds)
{
    /// <summary>Null: nothing is known of the fields.</summary>
    public ApiType? TypeOf(ApiRequest request) =>
        kinds.Custom(request.Resource) is { } custom ? custom.Type
            : SchemaSet.BuiltIn.Of(request.Resource);

    /// <summary>The kind is one that a CustomResourceDefinition registers.</summary>
    public bool IsCustom(ApiRequest request) => kinds.Custom(request.Resource) is not null;

    /// <summary>Removes fields that the type does not have, as the request wants them told.</summary>
    /// <returns>Warnings.</returns>
    /// <exception cref="StatusException">
    /// There are some, and the request is strict; or a value is not of the type of its field.
    /// </exception>
    public IReadOnlyList<string> Check(ApiRequest request, JsonObject obj)
    {
        var mode = request.Text("fieldValidation") ?? "Warn";
        if (mode is not ("Ignore" or "Warn" or "Strict"))
        {
            throw StatusException.BadRequest($"fieldValidation: Unsupported value: \"{mode}\": supported values: "
                + "\"Ignore\", \"Warn\", \"Strict\"");
        }
        if (TypeOf(request) is not { } type) return [];
        // Nobody else reads objects of kinds that are only stored.
        if (request.Resource.IsStored && !IsCustom(request) && TypeMismatches.Find(obj, type) is [var first, ..])
            throw StatusException.BadRequest($"{Unfit(request)}: {first.Field}: {first.Message}");
        var unknown = UnknownFields.Find(obj, type);
        if (unknown.Count == 0) return [];
        if (mode == "Strict")
        {
            throw StatusException.BadRequest(
                $"{Unfit(request)}: strict decoding error: {string.Join(", ", Messages())}");
        }
        UnknownFields.Prune(obj, type);
        return mode == "Warn" ? [.. Messages()] : [];

        IEnumerable<string> Messages() => unknown.Select(UnknownFields.Message);
    }

    private static string Unfit(ApiRequest request)
    {
        var kind = request.Resource.Kind;
        return $"{kind.Name} in version \"{kind.Version}\" cannot be handled as a {kind.Name}";
    }
}
