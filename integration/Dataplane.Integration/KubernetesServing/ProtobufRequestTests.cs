using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Dataplane.Integration.Chaos;

namespace Dataplane.Integration.KubernetesServing;

/// <summary>Bodies in protobuf, as kubectl 1.35 sends them.</summary>
public sealed class ProtobufRequestTests
{
    private const string Protobuf = "application/vnd.kubernetes.protobuf";
    private const string Namespaces = "/api/v1/namespaces", Deployments = "/apis/apps/v1/namespaces/shop/deployments";

    /// <summary>What <c>kubectl create namespace shop</c> sends.</summary>
    private static readonly byte[] Namespace = Convert.FromBase64String(
        "azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhwKFAoEc2hvcBIAGgAiACoAMgA4AEIAEgAaAgoAGgAiAA==");

    /// <summary>
    /// What <c>kubectl create deployment web --image=nginx:1 --replicas=2 --port=80 -n shop</c> sends.
    /// </summary>
    private static readonly byte[] Deployment = Convert.FromBase64String(
        "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50Er4BCiMKA3dlYhIAGgRzaG9wIgAqADIAOABCAFoKCgNhcHASA3dlYhKIAQgCEgwKCgoDYXBw"
        + "EgN3ZWIabgocCgASABoAIgAqADIAOABCAFoKCgNhcHASA3dlYhJOEjAKBW5naW54EgduZ2lueDoxKgAyCgoAEAAYUCIAKgBCAGoAcgCAAQCI"
        + "AQCQAQCiAQAaADIAQgBKAFIAWABgAGgAggEAigEAmgEAwgEAIgIKACgAOAAaDAgAEAAYACAAKAA4ABoAIgA=");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_kubectl_creates_in_protobuf_is_there_and_answered_in_json()
    {
        using var daemon = new DaemonProcess("--kubernetes-api", "127.0.0.1:0");
        using var client = new ApiClient(daemon, "kubeconfig");
        await Create(client, Namespaces, Namespace, HttpStatusCode.Created);
        var made = await Create(client, Deployments, Deployment, HttpStatusCode.Created);
        Assert.Equal(2, (int)made["spec"]!["replicas"]!);
        var pods = await client.Ask(HttpMethod.Get, "/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb");
        Assert.Equal(2, pods["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task What_is_no_object_of_the_path_is_refused()
    {
        using var daemon = new DaemonProcess("--kubernetes-api", "127.0.0.1:0");
        using var client = new ApiClient(daemon, "kubeconfig");
        await Create(client, Namespaces, Namespace, HttpStatusCode.Created);
        await Create(client, Deployments, Namespace, HttpStatusCode.BadRequest);
        await Create(client, Deployments, Deployment[..^9], HttpStatusCode.BadRequest);
        await Create(client, Deployments, Deployment, HttpStatusCode.UnsupportedMediaType, "application/cbor");
        await Create(client, Deployments, Deployment, HttpStatusCode.NotAcceptable, accept: Protobuf);
        await client.Ask(HttpMethod.Get, $"{Deployments}/web", status: HttpStatusCode.NotFound);
    }

    private static async Task<JsonNode> Create(ApiClient client, string path, byte[] body, HttpStatusCode status,
        string type = Protobuf, string accept = $"{Protobuf},application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.Accept.ParseAdd(accept);
        using var answer = await client.Http.SendAsync(request, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.StatusCode == status, $"{path}: {answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }
}
