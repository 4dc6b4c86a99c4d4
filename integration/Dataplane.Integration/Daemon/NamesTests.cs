using Dataplane.Integration.Chaos;

namespace Dataplane.Integration.Daemon;

/// <summary>The name server that a daemon has in the pod kube-system/coredns, asked by real clients in pods.</summary>
public sealed class NamesTests
{
    private const string OfLater = "@10.96.0.10 +short later.shop.svc.cluster.local A";

    private const string LaterService = """
        apiVersion: v1
        kind: Service
        metadata: {name: later, namespace: shop}
        spec: {clusterIP: 10.96.7.8, ports: [{port: 80}]}

        """;

    private const string Objects = """
        apiVersion: v1
        kind: Pod
        metadata: {name: client, namespace: shop, labels: {app: client}}
        spec: {containers: [{name: c, image: c}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web-0, namespace: shop, labels: {app: web}}
        spec: {containers: [{name: c, image: c, ports: [{containerPort: 8080}]}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web-service, namespace: shop}
        spec: {selector: {app: web}, clusterIP: 10.96.7.7, ports: [{name: http, port: 80, targetPort: 8080}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: pods, namespace: shop}
        spec: {selector: {app: web}, clusterIP: None, ports: [{port: 8080}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: away, namespace: shop}
        spec: {type: ExternalName, externalName: db.example.com}

        """;

    private const string Closed = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: closed, namespace: shop}
        spec: {podSelector: {}, policyTypes: [Egress]}

        """;

    private const string Names = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: names, namespace: shop}
        spec:
          podSelector: {}
          policyTypes: [Egress]
          egress:
          - to:
            - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
              podSelector: {matchLabels: {k8s-app: kube-dns}}
            ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]

        """;

    /// <summary>Whatever it runs, or finds to run.</summary>
    [Fact]
    public void The_server_cannot_have_privileges_again()
    {
        using var lab = new NamesLab(Objects);
        var feed = $"/run/dataplane/{lab.Daemon.NodeName}.dns.";
        var server = Directory.GetDirectories("/proc").Where(p => char.IsAsciiDigit(Path.GetFileName(p)[0]))
            .Single(p => CommandOf(p) is var line && line.Contains("dns-server", StringComparison.Ordinal)
                && line.Contains(feed, StringComparison.Ordinal));
        Assert.All(Directory.GetDirectories($"{server}/task"), thread =>
        {
            var status = File.ReadAllLines($"{thread}/status");
            Assert.Contains("NoNewPrivs:\t1", status);
            // CAP_SETGID, CAP_SETUID and CAP_NET_BIND_SERVICE.
            Assert.Contains("CapBnd:\t00000000000004c0", status);
            Assert.Contains("CapPrm:\t0000000000000000", status);
        });
    }

    [Theory]
    [InlineData("10.96.0.10", "+notcp")]
    [InlineData("10.96.0.10", "+tcp")]
    [InlineData("fd00:10:96::a", "+notcp")]
    [InlineData("fd00:10:96::a", "+tcp")]
    public void Every_kind_of_Service_has_its_name(string server, string transport)
    {
        using var lab = new NamesLab(Objects);
        var to = $"@{server} {transport} +short";
        Assert.Equal("10.96.7.7\n", lab.Dig($"{to} web-service.shop.svc.cluster.local A"));
        Assert.Equal($"{lab.Address("shop/web-0")}\n", lab.Dig($"{to} pods.shop.svc.cluster.local A"));
        Assert.Equal("db.example.com.\n", lab.Dig($"{to} away.shop.svc.cluster.local A"));
        Assert.Equal("10.96.0.10\n", lab.Dig($"{to} kube-dns.kube-system.svc.cluster.local A"));
        // What comes later, and what goes.
        lab.Daemon.Apply("more.yaml", """
            apiVersion: v1
            kind: Service
            metadata: {name: later, namespace: shop}
            spec: {clusterIP: 10.96.7.8, ports: [{port: 80}]}

            """);
        lab.Await($"{to} later.shop.svc.cluster.local A", "10.96.7.8\n");
        lab.Daemon.Delete(new Api.ObjectReference("Service", "shop/later"));
        lab.Await($"{to} later.shop.svc.cluster.local A", "");
    }

    [Fact]
    public void A_policy_for_egress_stops_names_until_a_rule_lets_them_pass()
    {
        using var lab = new NamesLab(Objects);
        const string Question = "@10.96.0.10 +short web-service.shop.svc.cluster.local A";
        Assert.Equal("10.96.7.7\n", lab.Dig(Question));
        lab.Daemon.Apply("closed.yaml", Closed);
        Assert.NotEqual(0, lab.TryDig(Question).ExitCode);
        lab.AwaitDrop("shop/client", "kube-system/coredns", 53, "shop/closed");
        lab.Daemon.Apply("names.yaml", Names);
        Assert.Equal("10.96.7.7\n", lab.Dig(Question));
    }

    /// <summary>S014 is about the name server that is there.</summary>
    [Fact]
    public void Who_applies_a_policy_that_stops_names_is_told()
    {
        using var lab = new NamesLab(Objects);
        using var files = new TempDirectory();
        var told = lab.Run("apply", $"-f {files.Write("closed.yaml", Closed)}");
        Assert.Contains("[S014]: `shop/closed` blocks DNS (UDP/TCP 53) for", told.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, lab.TryDig("@10.96.0.10 +short web-service.shop.svc.cluster.local A").ExitCode);
        // A server on that port would be allowed, and is where none is known; the one that is there has another.
        var other = files.Write("names.yaml", Names.Replace("53", "5353", StringComparison.Ordinal));
        Assert.Contains("[S014]", lab.Run("apply", $"-f {other}").Error, StringComparison.Ordinal);
        using (var off = new NamesLab(Objects, "--dns", "off"))
            Assert.DoesNotContain("S014", off.Run("apply", $"-f {other}").Error, StringComparison.Ordinal);
        var allowed = lab.Run("apply", $"-f {files.Write("names.yaml", Names)}");
        Assert.DoesNotContain("S014", allowed.Error, StringComparison.Ordinal);
        Assert.Equal("10.96.7.7\n", lab.Dig("@10.96.0.10 +short web-service.shop.svc.cluster.local A"));
    }

    [Fact]
    public void A_name_server_that_is_killed_is_started_again()
    {
        using var lab = new NamesLab(Objects);
        var first = lab.Server();
        lab.Daemon.Apply("more.yaml", LaterService);
        lab.Await(OfLater, "10.96.7.8\n");
        lab.KillServer();
        lab.Await("@10.96.0.10 +short web-service.shop.svc.cluster.local A", "10.96.7.7\n");
        Assert.NotEqual(first, lab.Server());
        // The next one knows all that this one was told, though nothing has changed since.
        lab.Await(OfLater, "10.96.7.8\n");
    }

    [Fact]
    public void Names_outlive_a_killed_daemon_and_the_next_one_adopts_the_server()
    {
        using var lab = new NamesLab(Objects);
        const string Question = "@10.96.0.10 +short web-service.shop.svc.cluster.local A";
        var first = lab.Server();
        lab.Daemon.Kill();
        Assert.Equal("10.96.7.7\n", lab.Dig(Question));
        lab.Daemon.Start();
        lab.Daemon.Apply("more.yaml", LaterService);
        lab.Await(OfLater, "10.96.7.8\n");
        Assert.Equal(first, lab.Server());
    }

    [Fact]
    public void Without_a_Service_or_with_a_users_own_or_with_dns_off_nothing_is_built_in()
    {
        using var lab = new NamesLab(Objects);
        Assert.Contains(lab.Pods(), p => p == "kube-system/coredns");
        Assert.Contains("is built in", Assert.Throws<RefusedException>(() =>
            lab.Daemon.Delete(new Api.ObjectReference("Service", "kube-system/kube-dns"))).Message,
            StringComparison.Ordinal);
        lab.Daemon.Apply("own.yaml", """
            apiVersion: v1
            kind: Service
            metadata: {name: kube-dns, namespace: kube-system}
            spec: {clusterIP: 10.96.0.10, ports: [{port: 53, protocol: UDP}]}

            """);
        Assert.DoesNotContain(lab.Pods(), p => p == "kube-system/coredns");
        lab.AwaitNoServer();
        lab.Daemon.Delete(new Api.ObjectReference("Service", "kube-system/kube-dns"));
        Assert.Contains(lab.Pods(), p => p == "kube-system/coredns");
        foreach (var name in (string[])["web-service", "pods", "away"])
            lab.Daemon.Delete(new Api.ObjectReference("Service", $"shop/{name}"));
        Assert.Equal(["shop/client", "shop/web-0"], lab.Pods());
        lab.AwaitNoServer();
        using var off = new NamesLab(Objects, "--dns", "off");
        Assert.Equal(["shop/client", "shop/web-0"], off.Pods());
    }

    [Fact]
    public void Programs_in_a_pod_resolve_short_names_as_in_the_textbook()
    {
        using var lab = new NamesLab(Objects);
        foreach (var name in (string[])["web-service", "web-service.shop", "web-service.shop.svc.cluster.local"])
            Assert.StartsWith("10.96.7.7 ", lab.Exec($"getent ahostsv4 {name}").Succeeded(), StringComparison.Ordinal);
        Assert.Equal("10.96.7.7\n", lab.Exec("dig +search +short web-service").Succeeded());
        Assert.NotEmpty(lab.ResolverFiles());
        Assert.SkipUnless(File.Exists("/usr/bin/python3") && File.Exists("/usr/bin/wget"), "no python3, or no wget");
        using var server = lab.Serve();
        Assert.Contains("Directory listing", lab.Exec("wget -q -O- http://web-service").Succeeded(),
            StringComparison.Ordinal);
        server.Kill();
        server.WaitForExit();
        lab.Daemon.Delete(new Api.ObjectReference("Pod", "shop/web-0"));
        Assert.DoesNotContain(lab.ResolverFiles(), f => f.EndsWith("web-0", StringComparison.Ordinal));
    }

    [Fact]
    public void A_resolv_conf_of_somebody_else_stays()
    {
        using var lab = new NamesLab(Objects);
        var path = lab.ResolverFile("shop_mine");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            File.WriteAllText(path, "nameserver 192.0.2.1\n");
            lab.Daemon.Apply("mine.yaml", """
                apiVersion: v1
                kind: Pod
                metadata: {name: mine, namespace: shop}
                spec: {containers: [{name: c, image: c}]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: outer, namespace: shop}
                spec: {dnsPolicy: Default, containers: [{name: c, image: c}]}

                """);
            Assert.False(File.Exists(lab.ResolverFile("shop_outer")));
            Assert.True(File.Exists(lab.FileOf("shop_outer", "hosts")));
            lab.Daemon.Delete(new Api.ObjectReference("Pod", "shop/mine"));
            Assert.Equal("nameserver 192.0.2.1\n", File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
            Directory.Delete(Path.GetDirectoryName(path)!);
        }
    }

    private static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/cmdline");
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return "";
        }
    }
}
