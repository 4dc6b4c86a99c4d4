using System.Security.Cryptography;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.OpenApi;

/// <summary>
/// All OpenAPI documents of what is served at one time, made when they are first asked for. Immutable and safe for
/// concurrent use: when a CustomResourceDefinition comes or goes, another is made.
/// </summary>
public sealed class OpenApiSet
{
    private readonly Dictionary<string, Lazy<byte[]>> _version3;
    private readonly Lazy<byte[]> _index, _version2, _protobuf;

    public OpenApiSet(IReadOnlyList<ApiResource> resources, SchemaSet schemas)
    {
        _version3 = resources.Select(r => r.Root).Distinct().ToDictionary(
            root => root, root => new Lazy<byte[]>(() => OpenApiV3.Of(root, resources, schemas)));
        string[] roots = [.. resources.Select(r => r.Root).Distinct()];
        _index = new(() => OpenApiV3.Index(roots.Select(r => KeyValuePair.Create(r, HashOf(_version3[r].Value)))));
        _version2 = new(() => OpenApiV2.Json(resources, schemas));
        _protobuf = new(() => OpenApiV2.Protobuf(resources, schemas));
    }

    /// <summary>What <c>/openapi/v3</c> answers.</summary>
    public byte[] Index => _index.Value;

    /// <summary>What <c>/openapi/v2</c> answers.</summary>
    public byte[] Version2 => _version2.Value;

    /// <summary>The same in protobuf.</summary>
    public byte[] Version2Protobuf => _protobuf.Value;

    /// <summary>What <c>/openapi/v3</c> answers below it; null: nothing is served there.</summary>
    /// <param name="root">Such as <c>/apis/apps/v1</c>.</param>
    public byte[]? Version3(string root) => _version3.GetValueOrDefault(root)?.Value;

    /// <summary>Changes with the document: for the <c>hash</c> of the index and for ETag.</summary>
    public static string HashOf(byte[] document) => Convert.ToHexString(SHA256.HashData(document));
}
