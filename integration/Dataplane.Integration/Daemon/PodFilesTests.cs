using System.Diagnostics;

namespace Dataplane.Integration.Daemon;

/// <summary>What programs in pods read of names: /etc/resolv.conf, /etc/hosts, the name of the host.</summary>
public sealed class PodFilesTests
{
    private const string Pods = """
        apiVersion: v1
        kind: Pod
        metadata: {name: client, namespace: shop}
        spec: {containers: [{name: c, image: c}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: db-0, namespace: shop}
        spec:
          containers: [{name: c, image: c}]
          hostname: first
          subdomain: db
          hostAliases: [{ip: 192.0.2.7, hostnames: [legacy, legacy.example.com]}]
          dnsConfig: {searches: [data.svc.cluster.local], options: [{name: ndots, value: '2'}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: full, namespace: shop}
        spec: {containers: [{name: c, image: c}], subdomain: db, setHostnameAsFQDN: true}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: own, namespace: shop}
        spec:
          containers: [{name: c, image: c}]
          hostnameOverride: own.example.com
          dnsPolicy: None
          dnsConfig: {nameservers: [192.0.2.53]}

        """;

    private const string Service = """
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {clusterIP: 10.96.7.7, ports: [{port: 80}]}

        """;

    [Fact]
    public void The_host_has_the_name_of_the_pod_and_hosts_has_its_addresses()
    {
        using var lab = new NamesLab(Pods + Service);
        var (mine, machine) = (lab.Address("shop/db-0"), System.Net.Dns.GetHostName());
        foreach (var (pod, name) in (ReadOnlySpan<(string, string)>)[("shop/client", "client"), ("shop/db-0", "first"),
            ("shop/full", "full.db.shop.svc.cluster.local"), ("shop/own", "own.example.com")])
        {
            Assert.Equal($"{name}\n", lab.Exec("uname -n", pod).Succeeded());
            Assert.Equal(name, lab.Exec("head -n1 /etc/hostname", pod).Succeeded().Trim());
        }
        Assert.Equal(machine, System.Net.Dns.GetHostName());
        Assert.StartsWith($"{mine} ", lab.Exec("getent ahostsv4 first", "shop/db-0").Succeeded(),
            StringComparison.Ordinal);
        Assert.Contains($"{mine}\tfirst.db.shop.svc.cluster.local\tfirst\n",
            lab.Exec("cat /etc/hosts", "shop/db-0").Succeeded(), StringComparison.Ordinal);
        Assert.StartsWith("192.0.2.7 ", lab.Exec("getent ahostsv4 legacy.example.com", "shop/db-0").Succeeded(),
            StringComparison.Ordinal);
        // The same by iproute2, which knows of no host name.
        Assert.StartsWith("192.0.2.7 ", Tool.Run(new ProcessStartInfo("ip",
            $"netns exec {lab.Daemon.NodeName}_shop_db-0 getent ahostsv4 legacy")).Succeeded(),
            StringComparison.Ordinal);
        Assert.NotEqual(0, lab.Exec("getent ahostsv4 legacy").ExitCode);
    }

    [Fact]
    public void Whom_a_pod_asks_follows_its_policy_and_its_configuration()
    {
        using var lab = new NamesLab(Pods + Service);
        Assert.Equal("""
            # made by dataplane
            nameserver 10.96.0.10
            nameserver fd00:10:96::a
            search shop.svc.cluster.local svc.cluster.local cluster.local data.svc.cluster.local
            options ndots:2

            """, lab.Exec("cat /etc/resolv.conf", "shop/db-0").Succeeded());
        Assert.Equal("# made by dataplane\nnameserver 192.0.2.53\n",
            lab.Exec("cat /etc/resolv.conf", "shop/own").Succeeded());
        // A change of the pod is one of its files; without a name server nobody but the machine's is asked.
        lab.Daemon.Apply(
            "objects.yaml", (Pods + Service).Replace("192.0.2.53", "192.0.2.54", StringComparison.Ordinal));
        Assert.Equal("# made by dataplane\nnameserver 192.0.2.54\n", File.ReadAllText(lab.ResolverFile("shop_own")));
        lab.Daemon.Delete(new Api.ObjectReference("Service", "shop/web"));
        Assert.False(File.Exists(lab.ResolverFile("shop_client")));
        Assert.True(File.Exists(lab.ResolverFile("shop_own")));
        lab.Daemon.Delete(new Api.ObjectReference("Pod", "shop/own"));
        Assert.False(File.Exists(lab.FileOf("shop_own", "hosts")));
    }

    /// <summary>Each file by itself: one of somebody else's stays beside ours.</summary>
    [Fact]
    public void Files_of_somebody_else_stay_beside_ours()
    {
        using var lab = new NamesLab(Pods + Service);
        var path = lab.FileOf("shop_later", "hosts");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            File.WriteAllText(path, "192.0.2.1 mine\n");
            lab.Daemon.Apply("later.yaml", """
                apiVersion: v1
                kind: Pod
                metadata: {name: later, namespace: shop}
                spec: {containers: [{name: c, image: c}]}

                """);
            Assert.Equal("192.0.2.1 mine\n", lab.Exec("cat /etc/hosts", "shop/later").Succeeded());
            Assert.Equal("later\n", lab.Exec("uname -n", "shop/later").Succeeded());
            lab.Daemon.Delete(new Api.ObjectReference("Pod", "shop/later"));
            Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }
}
