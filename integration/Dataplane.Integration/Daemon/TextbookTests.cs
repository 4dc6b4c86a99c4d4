namespace Dataplane.Integration.Daemon;

/// <summary>The exercises of a textbook about Services, with the clients that it names, in a pod.</summary>
public sealed class TextbookTests
{
    private const string Objects = """
        apiVersion: v1
        kind: Pod
        metadata: {name: client, namespace: shop}
        spec: {containers: [{name: c, image: c}]}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 3
          serviceName: web-headless
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: c, image: c, ports: [{containerPort: 8080}]}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web-service, namespace: shop}
        spec: {selector: {statefulset.kubernetes.io/pod-name: web-0}, ports: [{port: 80, targetPort: 8080}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web-headless, namespace: shop}
        spec: {selector: {app: web}, clusterIP: None, ports: [{name: http, port: 8080}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: database, namespace: data}
        spec: {clusterIP: 10.96.7.8, ports: [{port: 5432}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: away, namespace: shop}
        spec: {type: ExternalName, externalName: database.data.svc.cluster.local}

        """;

    private static string[] Lines(ToolResult result) =>
        [.. result.Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Order(StringComparer.Ordinal)];

    private static void Need(string program) =>
        Assert.SkipUnless(File.Exists($"/usr/bin/{program}"), $"{program} is not installed");

    [Fact]
    public void Nslookup_of_a_headless_Service_finds_every_pod()
    {
        Need("nslookup");
        using var lab = new NamesLab(Objects);
        string[] pods = [.. Enumerable.Range(0, 3).Select(i => lab.Address($"shop/web-{i}"))];
        var said = lab.Exec("nslookup web-headless").Succeeded();
        Assert.Contains("10.96.0.10#53", said, StringComparison.Ordinal);
        Assert.All(pods, address => Assert.Contains($"Address: {address}\n", said, StringComparison.Ordinal));
        // A pod of it by its name, and all by their port.
        Assert.Equal([pods[1]], Lines(lab.Exec("dig +search +short web-1.web-headless A")));
        Assert.Equal(
            [.. Enumerable.Range(0, 3).Select(i => $"0 100 8080 web-{i}.web-headless.shop.svc.cluster.local.")],
            Lines(lab.Exec("dig +short _http._tcp.web-headless.shop.svc.cluster.local SRV")));
        Assert.Equal(["web-2.web-headless.shop.svc.cluster.local."], Lines(lab.Exec($"dig +short -x {pods[2]}")));
        // A pod less is an address less.
        lab.Daemon.Apply("objects.yaml", Objects.Replace("replicas: 3", "replicas: 2", StringComparison.Ordinal));
        lab.Await("@10.96.0.10 +short web-2.web-headless.shop.svc.cluster.local A", "");
        Assert.Equal([pods[0], pods[1]], Lines(lab.Exec("dig +search +short web-headless A")));
        // From the server's own pod a name is the same: hosts of a StatefulSet know their own.
        Assert.StartsWith($"{pods[0]} ", lab.Exec("getent ahostsv4 web-0.web-headless.shop.svc.cluster.local",
            "shop/web-0").Succeeded(), StringComparison.Ordinal);
        Assert.Equal("web-0\n", lab.Exec("uname -n", "shop/web-0").Succeeded());
    }

    [Fact]
    public void Names_with_and_without_namespace_and_an_ExternalName()
    {
        using var lab = new NamesLab(Objects);
        string[] names = ["database.data", "database.data.svc", "database.data.svc.cluster.local", "away"];
        foreach (var name in names)
            Assert.StartsWith("10.96.7.8 ", lab.Exec($"getent ahostsv4 {name}").Succeeded(), StringComparison.Ordinal);
        // Of another namespace it has a longer name.
        Assert.NotEqual(0, lab.Exec("getent ahostsv4 database").ExitCode);
        Assert.Equal("database.data.svc.cluster.local.\n",
            lab.Exec("dig +search +short away CNAME").Succeeded());
        Assert.Contains("10.96.7.8", lab.Run("dns", "away --from shop/client").Succeeded(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wget", "wget -q -O- http://web-service")]
    [InlineData("curl", "curl -sS --max-time 10 http://web-service.shop.svc.cluster.local")]
    [InlineData("busybox", "busybox wget -q -O- http://web-service.shop")]
    [InlineData("nc", "sh -c \"printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 5 web-service 80\"")]
    public void A_web_server_answers_by_the_name_of_its_Service(string program, string command)
    {
        Need(program);
        Need("python3");
        using var lab = new NamesLab(Objects);
        using var server = lab.Serve();
        try
        {
            Assert.Contains("Directory listing", lab.Exec(command).Succeeded(), StringComparison.Ordinal);
        }
        finally
        {
            server.Kill();
            server.WaitForExit();
        }
    }
}
