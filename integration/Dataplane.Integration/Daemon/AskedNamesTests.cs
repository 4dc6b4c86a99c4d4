using System.Text.Json.Nodes;

namespace Dataplane.Integration.Daemon;

/// <summary><c>dataplane dns NAME --from POD</c> of a daemon: questions from the pod, and what came of them.</summary>
public sealed class AskedNamesTests
{
    private const string Objects = """
        apiVersion: v1
        kind: Pod
        metadata: {name: client, namespace: shop, labels: {app: client}}
        spec: {containers: [{name: c, image: c}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: lost, namespace: shop}
        spec:
          containers: [{name: c, image: c}]
          dnsPolicy: None
          dnsConfig: {nameservers: [10.96.7.9], searches: [example.com]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: second, namespace: shop}
        spec: {containers: [{name: c, image: c}], dnsPolicy: None, dnsConfig: {nameservers: [10.96.7.9, 10.96.0.10]}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {clusterIP: 10.96.7.7, ports: [{port: 80}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: nobody, namespace: shop}
        spec: {clusterIP: 10.96.7.9, selector: {app: none}, ports: [{port: 53, protocol: UDP}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: many, namespace: shop}
        spec: {clusterIP: None, ports: [{port: 80}]}

        """;

    private const string Closed = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: closed, namespace: shop}
        spec: {podSelector: {matchLabels: {app: client}}, policyTypes: [Egress]}

        """;

    private static JsonArray Ask(NamesLab lab, string arguments, int exit)
    {
        var asked = lab.Run("dns", $"{arguments} -o json");
        Assert.True(asked.ExitCode == exit, $"{asked.ExitCode}: {asked.Output}{asked.Error}");
        return JsonNode.Parse(asked.Output)!.AsArray();
    }

    private static string[] Texts(JsonArray steps) =>
        [.. steps.Select(s => $"{s!["name"]} {s["type"]} {s["server"]} {s["transport"]} {s["code"]} "
            + string.Join(',', s["records"]!.AsArray()))];

    [Fact]
    public void Each_question_of_the_search_path_is_asked_of_the_pods_server()
    {
        using var lab = new NamesLab(Objects);
        Assert.Equal(
            [
                "web.shop.shop.svc.cluster.local A 10.96.0.10 udp NXDOMAIN ",
                "web.shop.shop.svc.cluster.local AAAA 10.96.0.10 udp NXDOMAIN ",
                "web.shop.svc.cluster.local A 10.96.0.10 udp NOERROR 10.96.7.7",
                "web.shop.svc.cluster.local AAAA 10.96.0.10 udp NOERROR ",
            ], Texts(Ask(lab, "web.shop --from shop/client", 0)));
        var refused = Ask(lab, "no.such. --from shop/client", 1);
        Assert.All(refused, s => Assert.True((double)s!["milliseconds"]! > 0));
        Assert.Equal(["REFUSED", "REFUSED", "REFUSED", "REFUSED"], refused.Select(s => (string)s!["code"]!));
        var table = lab.Run("dns", "web --from client -n shop").Succeeded();
        Assert.StartsWith("QUERY ", table, StringComparison.Ordinal);
        // The columns are as wide as what stands in them, and a time may have more digits.
        Assert.Matches(@"A +10\.96\.0\.10 +\d+\.\d ms +NOERROR +10\.96\.7\.7", table);
        Assert.Equal(2, lab.Run("dns", "web --from shop/none").ExitCode);
    }

    [Fact]
    public void A_denied_question_names_the_policy_and_the_drop_log_is_the_witness()
    {
        using var lab = new NamesLab(Objects);
        Assert.Equal(0, lab.Run("dns", "web --from shop/client").ExitCode);
        lab.Daemon.Apply("closed.yaml", Closed);
        var denied = Ask(lab, "web --from shop/client", 1);
        // Both servers are asked for the first name, and nothing else is: a resolver does not go on without an answer.
        Assert.Equal(
            [
                "web.shop.svc.cluster.local A 10.96.0.10 udp DENIED ",
                "web.shop.svc.cluster.local A fd00:10:96::a udp DENIED ",
                "web.shop.svc.cluster.local AAAA 10.96.0.10 udp DENIED ",
                "web.shop.svc.cluster.local AAAA fd00:10:96::a udp DENIED ",
            ], Texts(denied));
        Assert.All(denied, s => Assert.Equal(("shop/closed", "closed.yaml", 1),
            ((string)s!["policy"]!, Path.GetFileName((string)s["file"]!), (int)s["line"]!)));
        Assert.Contains("egress: shop/closed ", lab.Run("dns", "web --from shop/client").Output,
            StringComparison.Ordinal);
        Assert.Equal(1, lab.Run("dns", "web --from shop/lost").ExitCode);
    }

    [Fact]
    public void An_address_where_nothing_answers_is_told_and_the_next_server_is_asked()
    {
        using var lab = new NamesLab(Objects);
        Assert.Equal(
            ["web.example.com A 10.96.7.9 udp UNREACHABLE ", "web.example.com AAAA 10.96.7.9 udp UNREACHABLE "],
            Texts(Ask(lab, "web --from shop/lost", 1)));
        Assert.Equal(
            [
                "web.shop.svc.cluster.local A 10.96.7.9 udp UNREACHABLE ",
                "web.shop.svc.cluster.local A 10.96.0.10 udp NOERROR 10.96.7.7",
                "web.shop.svc.cluster.local AAAA 10.96.7.9 udp UNREACHABLE ",
                "web.shop.svc.cluster.local AAAA 10.96.0.10 udp NOERROR ",
            ], Texts(Ask(lab, "web.shop.svc.cluster.local. --from shop/second", 0)));
    }

    [Fact]
    public void An_answer_that_is_too_long_is_asked_for_by_TCP()
    {
        using var lab = new NamesLab(Objects);
        var addresses = string.Join(", ", Enumerable.Range(1, 100).Select(i => $"{{addresses: [10.9.0.{i}]}}"));
        lab.Daemon.Apply("slice.yaml", $$$"""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: many, namespace: shop, labels: {kubernetes.io/service-name: many}}
            addressType: IPv4
            ports: [{port: 80}]
            endpoints: [{{{addresses}}}]

            """);
        lab.Await("@10.96.0.10 +short 10-9-0-100.many.shop.svc.cluster.local A", "10.9.0.100\n");
        var steps = Ask(lab, "many --from shop/client", 0);
        Assert.Equal("many.shop.svc.cluster.local A 10.96.0.10 udp TRUNCATED ", Texts(steps)[0]);
        Assert.Equal(100, steps[1]!["records"]!.AsArray().Count);
        Assert.Equal("tcp", (string)steps[1]!["transport"]!);
    }
}
