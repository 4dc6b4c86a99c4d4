using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.Control.State;

namespace Dataplane.Daemon.KubernetesApi.Served;

/// <summary>An object as the API shows it. Immutable.</summary>
/// <param name="Namespace">Empty for cluster-scoped kinds.</param>
/// <param name="Version">Its resourceVersion.</param>
/// <param name="Json">In UTF-8, with the resourceVersion.</param>
internal sealed record ServedObject(ApiResource Resource, string Namespace, string Name, long Version,
    ReadOnlyMemory<byte> Json)
{
    /// <summary>What it is in the state; null: the state has no such object, and it follows from others.</summary>
    public HeldObject? Held { get; init; }

    /// <inheritdoc cref="Held"/>
    public StoredObject? Stored { get; init; }

    /// <summary><c>namespace/name</c>, or the name alone.</summary>
    public string FullName => FullNameOf(Namespace, Name);

    /// <summary>A new tree at each call, which the caller may change.</summary>
    public JsonObject Parse() => JsonNode.Parse(Json.Span)!.AsObject();

    /// <summary>The namespace, empty where there is none, and the name of a full name.</summary>
    public static (string Namespace, string Name) PartsOf(string fullName) =>
        fullName.Split('/') is [var ns, var name] ? (ns, name) : ("", fullName);

    public static string FullNameOf(string ns, string name) => ns.Length == 0 ? name : $"{ns}/{name}";
}
