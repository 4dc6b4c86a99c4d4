using System.Text;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Requests;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Views;

namespace Dataplane.Daemon.KubernetesApi.Serving;

/// <summary>In which form a client wants objects.</summary>
internal enum Form
{
    /// <summary>As they are.</summary>
    Objects,
    /// <summary>As rows of a meta.k8s.io/v1 Table.</summary>
    Table,
    /// <summary>Their metadata alone.</summary>
    Metadata,
}

/// <summary>Shows objects in the form that a client accepts.</summary>
internal sealed class Presentation
{
    private readonly ApiRequest _request;
    private readonly TableMaker _tables;

    private Presentation(ApiRequest request, Form form, TableMaker tables) =>
        (_request, Form, _tables) = (request, form, tables);

    public Form Form { get; }

    /// <exception cref="StatusException">The client takes no JSON.</exception>
    public static Presentation Of(ApiRequest request, TableMaker tables)
    {
        foreach (var accepted in request.Http.Request.Headers.Accept.ToString().Split(','))
        {
            string[] parts = [.. accepted.Split(';').Select(p => p.Trim())];
            if (parts[0] is not ("" or "*/*" or "application/*" or Answer.Json)) continue;
            var form = parts.FirstOrDefault(p => p.StartsWith("as=", StringComparison.Ordinal));
            if (form is null) return new Presentation(request, Form.Objects, tables);
            var isKnown = parts.Contains("g=meta.k8s.io") && parts.Any(p => p is "v=v1" or "v=v1beta1");
            if (isKnown && form == "as=Table") return new Presentation(request, Form.Table, tables);
            if (isKnown && form.StartsWith("as=PartialObjectMetadata", StringComparison.Ordinal))
                return new Presentation(request, Form.Metadata, tables);
        }
        throw new StatusException(StatusReason.NotAcceptable, "only the following media types are accepted: "
            + "application/json, application/json;as=Table;v=v1;g=meta.k8s.io");
    }

    /// <summary>A list of objects.</summary>
    public byte[] List(IReadOnlyList<ServedObject> objects, long version, string? next, long? remaining)
    {
        var metadata = new JsonObject { ["resourceVersion"] = $"{version}" };
        if (next is not null) metadata["continue"] = next;
        if (remaining is > 0) metadata["remainingItemCount"] = remaining;
        if (Form == Form.Table) return JsonParts.Bytes(_tables.Table(_request, objects, metadata));
        var (kind, apiVersion) = Form == Form.Metadata ? ("PartialObjectMetadataList", "meta.k8s.io/v1")
            : ($"{_request.Resource.Kind.Name}List", _request.Resource.Kind.ApiVersion);
        var head = $"{{\"kind\":\"{kind}\",\"apiVersion\":\"{apiVersion}\","
            + $"\"metadata\":{metadata.ToJsonString()},\"items\":[";
        // The objects are texts already: they are put together, not read again.
        var parts = objects.Select(o => Form == Form.Metadata ? JsonParts.Bytes(Partial(o.Parse())) : o.Json).ToList();
        var all = new MemoryStream(head.Length * 2 + parts.Sum(p => p.Length + 1));
        all.Write(Encoding.UTF8.GetBytes(head));
        foreach (var (i, part) in parts.Index())
        {
            if (i > 0) all.WriteByte((byte)',');
            all.Write(part.Span);
        }
        all.Write("]}\n"u8);
        return all.ToArray();
    }

    /// <summary>One object.</summary>
    public ReadOnlyMemory<byte> One(ServedObject obj) => Form switch
    {
        Form.Table => JsonParts.Bytes(_tables.Table(_request, [obj],
            new JsonObject { ["resourceVersion"] = $"{obj.Version}" })),
        Form.Metadata => JsonParts.Bytes(Partial(obj.Parse())),
        _ => obj.Json,
    };

    private static JsonObject Partial(JsonObject obj) => new()
    {
        ["kind"] = "PartialObjectMetadata", ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = obj["metadata"]?.DeepClone(),
    };
}
