using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
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
        using var client = Client(daemon, "kubeconfig");
        await Ask(client, HttpMethod.Post, "/api/v1/namespaces", """
            {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}
            """, HttpStatusCode.Created);
        await Ask(client, HttpMethod.Post, Deployments, Web, HttpStatusCode.Created);
        await Ask(client, HttpMethod.Post, Deployments, Web, HttpStatusCode.Conflict);
        var pods = await Ask(client, HttpMethod.Get, "/api/v1/namespaces/x/pods?labelSelector=app%3Dweb");
        Assert.Equal(["web-0", "web-1"], pods["items"]!.AsArray().Select(Name));
        Assert.All(pods["items"]!.AsArray(), p => Assert.StartsWith("10.", (string?)p!["status"]!["podIP"]));
        var patched = await Ask(client, HttpMethod.Patch, $"{Deployments}/web", """{"spec":{"replicas":3}}""",
            type: "application/merge-patch+json");
        Assert.Equal(2, (long)patched["metadata"]!["generation"]!);
        // What kubectl changes, dataplane shows.
        var shown = Command.Run(daemon, "get", "pods", "-n", "x", "-o", "name").Output;
        Assert.Equal(3, shown.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        await Ask(client, HttpMethod.Delete, "/api/v1/namespaces/x");
        await Ask(client, HttpMethod.Get, $"{Deployments}/web", status: HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_watch_tells_what_changes_from_where_a_list_ended()
    {
        using var daemon = Daemon();
        using var client = Client(daemon, "kubeconfig");
        var list = await Ask(client, HttpMethod.Get, "/api/v1/namespaces/default/configmaps");
        var from = (string?)list["metadata"]!["resourceVersion"];
        await Ask(client, HttpMethod.Post, "/api/v1/namespaces/default/configmaps", """
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"b"}}
            """, HttpStatusCode.Created);
        var stream = await client.GetStreamAsync(
            $"/api/v1/namespaces/default/configmaps?watch=true&resourceVersion={from}", Stop);
        using var lines = new StreamReader(stream);
        var change = JsonNode.Parse((await lines.ReadLineAsync(Stop))!)!;
        Assert.Equal(("ADDED", "c"), ((string?)change["type"], Name(change["object"])));
        await Ask(client, HttpMethod.Delete, "/api/v1/namespaces/default/configmaps/c");
        Assert.Equal("DELETED", (string?)JsonNode.Parse((await lines.ReadLineAsync(Stop))!)!["type"]);
    }

    [Fact]
    public async Task What_was_answered_is_there_after_a_kill()
    {
        using var daemon = Daemon();
        string? uid;
        using (var client = Client(daemon, "kubeconfig"))
        {
            await Ask(client, HttpMethod.Post, "/api/v1/namespaces", """
                {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}
                """, HttpStatusCode.Created);
            await Ask(client, HttpMethod.Post, "/api/v1/namespaces/x/secrets", """
                {"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"a":"Yg=="}}
                """, HttpStatusCode.Created);
            var made = await Ask(client, HttpMethod.Post, Deployments, Web, HttpStatusCode.Created);
            uid = (string?)made["metadata"]!["uid"];
        }
        daemon.Kill();
        daemon.Start();
        using var again = Client(daemon, "kubeconfig");
        Assert.Equal(uid, (string?)(await Ask(again, HttpMethod.Get, $"{Deployments}/web"))["metadata"]!["uid"]);
        var secret = await Ask(again, HttpMethod.Get, "/api/v1/namespaces/x/secrets/s");
        Assert.Equal("Yg==", (string?)secret["data"]!["a"]);
    }

    [Fact]
    public async Task Who_may_read_changes_nothing_and_a_stranger_reads_nothing()
    {
        using var daemon = Daemon();
        using var reader = Client(daemon, "kubeconfig-read");
        await Ask(reader, HttpMethod.Get, "/api/v1/namespaces");
        await Ask(reader, HttpMethod.Post, "/api/v1/namespaces", """
            {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}
            """, HttpStatusCode.Forbidden);
        // Asking about oneself is a POST, and the only one: no group is free because of how its name begins.
        await Ask(reader, HttpMethod.Post, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", """
            {"spec":{"resourceAttributes":{"verb":"delete","resource":"pods"}}}
            """, HttpStatusCode.Created);
        await Ask(reader, HttpMethod.Delete, "/apis/auth.example.com/v1/things/a", status: HttpStatusCode.Forbidden);
        using var stranger = Client(daemon, "kubeconfig");
        stranger.DefaultRequestHeaders.Authorization = null;
        await Ask(stranger, HttpMethod.Get, "/api/v1/namespaces", status: HttpStatusCode.Unauthorized);
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

    private static HttpClient Client(DaemonProcess daemon, string file)
    {
        var text = File.ReadAllText(Path.Combine(daemon.StateDirectory, "kubernetes-api", file));
        var client = new HttpClient(new HttpClientHandler
        {
            // The authority is held by the tests of streams.
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        })
        {
            BaseAddress = new Uri(Regex.Match(text, "server: (.*)").Groups[1].Value),
        };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", Regex.Match(text, "token: (.*)").Groups[1].Value);
        return client;
    }

    private static async Task<JsonNode> Ask(HttpClient client, HttpMethod method, string path, string? body = null,
        HttpStatusCode? status = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await client.SendAsync(request, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.StatusCode == (status ?? HttpStatusCode.OK), $"{method} {path}: {answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }
}
