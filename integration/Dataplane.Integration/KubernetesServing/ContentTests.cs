using System.Net;
using System.Text.Json.Nodes;
using Dataplane.Integration.Chaos;

namespace Dataplane.Integration.KubernetesServing;

/// <summary>What kube-apiserver refuses is refused, and told where; without the fault it is taken.</summary>
public sealed class ContentTests
{
    private const string Core = "/api/v1/namespaces/default", Apps = "/apis/apps/v1/namespaces/default",
        Rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default";

    /// <summary>Where, with what fault, without it, and the fields that are named.</summary>
    private static readonly (string Path, string Wrong, string Right, string[] Fields)[] Creations =
    [
        ($"{Core}/configmaps", """{"metadata":{"name":"a"},"data":{"a b":"1"}}""",
            """{"metadata":{"name":"a"},"data":{"a-b":"1"}}""", ["data[a b]"]),
        ($"{Core}/configmaps", """{"metadata":{"name":"b"},"data":{"a":"1"},"binaryData":{"a":"MQ=="}}""",
            """{"metadata":{"name":"b"},"data":{"a":"1"},"binaryData":{"b":"MQ=="}}""", ["data[a]"]),
        ($"{Core}/configmaps", """{"metadata":{"name":"c","labels":{"-x":"y"},"finalizers":["mine"]}}""",
            """{"metadata":{"name":"c","labels":{"x":"y"}}}""", ["metadata.finalizers[0]", "metadata.labels"]),
        ($"{Core}/configmaps",
            """{"metadata":{"name":"d","ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"","uid":""}]}}""",
            """{"metadata":{"name":"d","ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"p","uid":"u"}]}}""",
            ["metadata.ownerReferences.name", "metadata.ownerReferences.uid"]),
        ($"{Core}/secrets", """{"metadata":{"name":"a"},"type":"kubernetes.io/tls","data":{"tls.crt":"Yg=="}}""",
            """{"metadata":{"name":"a"},"type":"kubernetes.io/tls","data":{"tls.crt":"Yg==","tls.key":"Yg=="}}""",
            ["data[tls.key]"]),
        ($"{Core}/pods",
            """{"metadata":{"name":"a"},"spec":{"containers":[{"name":"c","volumeMounts":[{"name":"v"}]}]}}""",
            """{"metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"i"}]}}""",
            ["spec.containers[0].image", "spec.containers[0].volumeMounts[0].name"]),
        ($"{Apps}/deployments", """
            {"metadata":{"name":"a"},"spec":{"selector":{"matchLabels":{"a":"b"}},
             "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c"}]}}}}
            """, """
            {"metadata":{"name":"a"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},
             "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """, ["spec.template.spec.containers[0].image"]),
        ($"{Rbac}/roles", """{"metadata":{"name":"a"},"rules":[{"resources":["pods"]}]}""",
            """{"metadata":{"name":"a"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}""",
            ["rules[0].apiGroups", "rules[0].verbs"]),
        ($"{Rbac}/rolebindings",
            """{"metadata":{"name":"a"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":""}}""",
            """{"metadata":{"name":"a"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"a"}}""",
            ["roleRef.name"]),
    ];

    /// <summary>What is there already, and what may not become of it.</summary>
    private static readonly (string Path, string Patch, string Field)[] Changes =
    [
        ($"{Core}/secrets/a", """{"type":"Opaque"}""", "type"),
        ($"{Core}/pods/a", """{"spec":{"restartPolicy":"Never"}}""", "spec"),
        ($"{Core}/pods/a", """{"spec":{"containers":[]}}""", "spec.containers"),
        ($"{Apps}/deployments/a", """{"spec":{"selector":{"matchLabels":{"a":"c"}}}}""", "spec.selector"),
        ($"{Core}/configmaps/a", """{"kind":"Secret"}""", "patch"),
    ];

    [Fact]
    public async Task What_is_wrong_is_named_and_changes_nothing()
    {
        using var daemon = new DaemonProcess("--kubernetes-api", "127.0.0.1:0");
        using var client = new ApiClient(daemon, "kubeconfig");
        foreach (var (path, wrong, right, fields) in Creations)
        {
            var refused = await client.Ask(HttpMethod.Post, path, wrong, HttpStatusCode.UnprocessableEntity);
            Assert.Equal(fields, Fields(refused));
            await client.Ask(HttpMethod.Post, path, right, HttpStatusCode.Created);
        }
        foreach (var (path, patch, field) in Changes)
        {
            var before = $"{await client.Ask(HttpMethod.Get, path)}";
            var refused = await client.Ask(HttpMethod.Patch, path, patch, HttpStatusCode.UnprocessableEntity,
                "application/merge-patch+json");
            Assert.Equal([field], Fields(refused));
            Assert.Equal(before, $"{await client.Ask(HttpMethod.Get, path)}");
        }
    }

    [Fact]
    public async Task An_image_and_labels_of_a_pod_may_change()
    {
        using var daemon = new DaemonProcess("--kubernetes-api", "127.0.0.1:0");
        using var client = new ApiClient(daemon, "kubeconfig");
        await client.Ask(HttpMethod.Post, $"{Core}/pods", """
            {"metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"i:1"}]}}
            """, HttpStatusCode.Created);
        var changed = await client.Ask(HttpMethod.Patch, $"{Core}/pods/a", """
            {"metadata":{"labels":{"x":"y"}},"spec":{"containers":[{"name":"c","image":"i:latest"}]}}
            """, type: "application/strategic-merge-patch+json");
        Assert.Equal("i:latest", (string?)changed["spec"]!["containers"]![0]!["image"]);
        // As kubectl replace does, with what a client has read.
        await client.Ask(HttpMethod.Put, $"{Core}/pods/a", $"{changed}");
    }

    private static IEnumerable<string> Fields(JsonNode status) => status["details"]!["causes"]!.AsArray()
        .Select(c => (string)c!["field"]!).Distinct().Order(StringComparer.Ordinal);
}
