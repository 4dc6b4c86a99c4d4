using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.Daemon.KubernetesApi.Security;
using Dataplane.Daemon.KubernetesApi.Views;
using Dataplane.Kubernetes.Kinds;

namespace Dataplane.Daemon.KubernetesApi.Serving;

/// <summary>Questions of users about themselves: who they are and what they may do.</summary>
internal static class Reviews
{
    public const string AccessPath = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    public const string RulesPath = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
    public const string UserPath = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    private static readonly string[] Reads = ["get", "list", "watch"], All = ["*"];

    public static readonly IReadOnlyList<ApiResource> Resources =
    [
        Of("authorization.k8s.io", "SelfSubjectAccessReview"), Of("authorization.k8s.io", "SelfSubjectRulesReview"),
        Of("authentication.k8s.io", "SelfSubjectReview"),
    ];

    /// <summary>The review with its answer; null: the path is that of none.</summary>
    public static JsonObject? Answer(string path, JsonObject asked, ApiUser user)
    {
        switch (path)
        {
            case AccessPath:
                var attributes = asked["spec"]?["resourceAttributes"] as JsonObject
                    ?? asked["spec"]?["nonResourceAttributes"] as JsonObject;
                var isAllowed = user.MayWrite || (Reads.Contains(attributes.Text("verb"))
                    && attributes.Text("subresource") is null or "" or "status" or "scale");
                asked["status"] = new JsonObject { ["allowed"] = isAllowed };
                break;
            case RulesPath:
                var verbs = user.MayWrite ? All : Reads;
                asked["status"] = new JsonObject
                {
                    ["resourceRules"] = new JsonArray(new JsonObject
                    {
                        ["verbs"] = JsonParts.Strings(verbs), ["apiGroups"] = new JsonArray("*"),
                        ["resources"] = new JsonArray("*"),
                    }),
                    ["nonResourceRules"] = new JsonArray(new JsonObject
                    {
                        ["verbs"] = JsonParts.Strings(verbs), ["nonResourceURLs"] = new JsonArray("*"),
                    }),
                    ["incomplete"] = false,
                };
                break;
            case UserPath:
                asked["status"] = new JsonObject
                {
                    ["userInfo"] = new JsonObject
                    {
                        ["username"] = user.Name, ["groups"] = JsonParts.Strings(user.Groups),
                    },
                };
                break;
            default:
                return null;
        }
        return asked;
    }

    private static ApiResource Of(string group, string kind) =>
        new(new ObjectKind(group, "v1", kind, kind.ToLowerInvariant() + "s", [], false), []);
}
