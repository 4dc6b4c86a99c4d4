using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.OpenApi;

/// <summary>What can be done at one path of the API.</summary>
/// <param name="Method">Of HTTP, in lower case.</param>
/// <param name="Action">As <c>x-kubernetes-action</c> has it.</param>
/// <param name="Id">Unique in a document, such as <c>listCoreV1NamespacedPod</c>.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Query">The names of its query parameters.</param>
/// <param name="Body">Null: none, or (of a patch) one without a type of its own.</param>
/// <param name="Answer">Null: text or a stream.</param>
internal sealed record ApiOperation(
    string Method, string Action, string Id, GroupVersionKind Kind, IReadOnlyList<string> Query, ApiType? Body,
    ApiType? Answer);

/// <summary>One path of the API with what can be done there.</summary>
/// <param name="Parameters">The names in braces.</param>
internal sealed record ApiPath(string Path, IReadOnlyList<string> Parameters, IReadOnlyList<ApiOperation> Operations);

/// <summary>As <c>x-kubernetes-group-version-kind</c> has it.</summary>
internal readonly record struct GroupVersionKind(string Group, string Version, string Kind);
