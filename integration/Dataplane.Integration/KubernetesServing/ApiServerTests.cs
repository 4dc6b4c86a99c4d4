using System.Net;
using System.Text.Json.Nodes;
using Dataplane.Integration.Chaos;
using Dataplane.Integration.Promises;

namespace Dataplane.Integration.KubernetesServing;

/// <summary>The daemon as an API server, asked by plain HTTP.</summary>
public sealed class ApiServerTests
{
    private const string Deployments = "/apis/apps/v1/namespaces/x/deployments";

    private const string Web = """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2,
         "selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
         "spec":{"containers":[{"name":"c","image":"nginx","ports":[{"containerPort":80}]}]}}}}
        """;

    [Fact]
    public async Task Objects_are_made_read_changed_and_deleted()
    {
        using var daemon = Daemon();
        using var client = new ApiClient(daemon, "kubeconfig");
        await client.Ask(HttpMethod.Post, "/api/v1/namespaces", """
            {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}
            """, HttpStatusCode.Created);
        await client.Ask(HttpMethod.Post, Deployments, Web, HttpStatusCode.Created);
        await client.Ask(HttpMethod.Post, Deployments, Web, HttpStatusCode.Conflict);
        var pods = await client.Ask(HttpMethod.Get, "/api/v1/namespaces/x/pods?labelSelector=app%3Dweb");
        Assert.Equal(["web-0", "web-1"], pods["items"]!.AsArray().Select(Name));
        Assert.All(pods["items"]!.AsArray(), p => Assert.StartsWith("10.", (string?)p!["status"]!["podIP"]));
        var patched = await client.Ask(HttpMethod.Patch, $"{Deployments}/web", """{"spec":{"replicas":3}}""",
            type: "application/merge-patch+json");
        Assert.Equal(2, (long)patched["metadata"]!["generation"]!);
        // What kubectl changes, dataplane shows.
        var shown = Command.Run(daemon, "get", "pods", "-n", "x", "-o", "name").Output;
        Assert.Equal(3, shown.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        // Nobody deletes all namespaces at once, nor what is in all of them.
        foreach (var all in (string[])["/api/v1/namespaces", "/api/v1/configmaps", "/apis/apps/v1/deployments"])
            await client.Ask(HttpMethod.Delete, all, status: HttpStatusCode.MethodNotAllowed);
        await client.Ask(HttpMethod.Get, $"{Deployments}/web");
        await client.Ask(HttpMethod.Delete, "/api/v1/namespaces/x");
        await client.Ask(HttpMethod.Get, $"{Deployments}/web", status: HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_watch_tells_what_changes_from_where_a_list_ended()
    {
        using var daemon = Daemon();
        using var client = new ApiClient(daemon, "kubeconfig");
        var list = await client.Ask(HttpMethod.Get, "/api/v1/namespaces/default/configmaps");
        var from = (string?)list["metadata"]!["resourceVersion"];
        await client.Ask(HttpMethod.Post, "/api/v1/namespaces/default/configmaps", """
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"b"}}
            """, HttpStatusCode.Created);
        var stream = await client.Http.GetStreamAsync(
            $"/api/v1/namespaces/default/configmaps?watch=true&resourceVersion={from}", Stop);
        using var lines = new StreamReader(stream);
        var change = JsonNode.Parse((await lines.ReadLineAsync(Stop))!)!;
        Assert.Equal(("ADDED", "c"), ((string?)change["type"], Name(change["object"])));
        await client.Ask(HttpMethod.Delete, "/api/v1/namespaces/default/configmaps/c");
        Assert.Equal("DELETED", (string?)JsonNode.Parse((await lines.ReadLineAsync(Stop))!)!["type"]);
    }

    [Fact]
    public async Task What_was_answered_is_there_after_a_kill()
    {
        using var daemon = Daemon();
        string? uid;
        using (var client = new ApiClient(daemon, "kubeconfig"))
        {
            await client.Ask(HttpMethod.Post, "/api/v1/namespaces", """
                {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}
                """, HttpStatusCode.Created);
            await client.Ask(HttpMethod.Post, "/api/v1/namespaces/x/secrets", """
                {"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"a":"Yg=="}}
                """, HttpStatusCode.Created);
            var made = await client.Ask(HttpMethod.Post, Deployments, Web, HttpStatusCode.Created);
            uid = (string?)made["metadata"]!["uid"];
        }
        daemon.Kill();
        daemon.Start();
        using var again = new ApiClient(daemon, "kubeconfig");
        Assert.Equal(uid, (string?)(await again.Ask(HttpMethod.Get, $"{Deployments}/web"))["metadata"]!["uid"]);
        var secret = await again.Ask(HttpMethod.Get, "/api/v1/namespaces/x/secrets/s");
        Assert.Equal("Yg==", (string?)secret["data"]!["a"]);
    }

    [Fact]
    public async Task Who_may_read_changes_nothing_and_a_stranger_reads_nothing()
    {
        using var daemon = Daemon();
        using var reader = new ApiClient(daemon, "kubeconfig-read");
        await reader.Ask(HttpMethod.Get, "/api/v1/namespaces");
        await reader.Ask(HttpMethod.Post, "/api/v1/namespaces", """
            {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}
            """, HttpStatusCode.Forbidden);
        // Asking about oneself is a POST, and the only one: no group is free because of how its name begins.
        await reader.Ask(HttpMethod.Post, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", """
            {"spec":{"resourceAttributes":{"verb":"delete","resource":"pods"}}}
            """, HttpStatusCode.Created);
        await reader.Ask(HttpMethod.Delete, "/apis/auth.example.com/v1/things/a", status: HttpStatusCode.Forbidden);
        using var stranger = new ApiClient(daemon, "kubeconfig");
        stranger.Http.DefaultRequestHeaders.Authorization = null;
        await stranger.Ask(HttpMethod.Get, "/api/v1/namespaces", status: HttpStatusCode.Unauthorized);
    }

    [Fact]
    public void The_command_prints_what_kubectl_needs()
    {
        using var daemon = Daemon();
        var path = Command.Run(daemon, "kubeconfig", "--path").Output.TrimEnd();
        Assert.Equal(File.ReadAllText(path), Command.Run(daemon, "kubeconfig").Output);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Without_the_option_there_is_none()
    {
        using var daemon = new DaemonProcess();
        var answer = Command.Run(daemon, "kubeconfig");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("--kubernetes-api", answer.Error, StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DaemonProcess Daemon() => new("--kubernetes-api", "127.0.0.1:0");

    private static string? Name(JsonNode? obj) => (string?)obj!["metadata"]!["name"];
}
