using Dataplane.Dns.Zones;

namespace Dataplane.Dns.Tests.Specification;

/// <summary>Kubernetes DNS-Based Service Discovery 1.1.0, rule by rule; the numbers are its sections.</summary>
public sealed class SpecificationTests
{
    private const string Web = "web.shop.svc.cluster.local", Db = "db.shop.svc.cluster.local";

    private static readonly Zone Zone = Names.Zone("""
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec:
          clusterIP: 10.96.0.20
          clusterIPs: [10.96.0.20, "fd00:10:96::20"]
          ipFamilyPolicy: RequireDualStack
          selector: {app: db}
          ports: [{name: http, port: 80}, {name: stats, port: 81, protocol: UDP}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: bare, namespace: shop}
        spec: {clusterIP: 10.96.0.21, selector: {app: db}, ports: [{port: 80}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: db, namespace: shop}
        spec: {clusterIP: None, selector: {app: db}, ports: [{name: sql, port: 5432, targetPort: sql}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: early, namespace: shop}
        spec: {clusterIP: None, publishNotReadyAddresses: true, selector: {app: slow}, ports: [{port: 1}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: late, namespace: shop}
        spec: {clusterIP: None, selector: {app: slow}, ports: [{name: x, port: 1}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: away, namespace: shop}
        spec: {type: ExternalName, externalName: db.example.com}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: near, namespace: shop}
        spec: {type: ExternalName, externalName: bare.shop.svc.cluster.local}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: kube-dns, namespace: kube-system}
        spec: {clusterIP: 10.96.0.10, ports: [{name: dns, port: 53, protocol: UDP}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: db-0, namespace: shop, labels: {app: db}}
        spec: {hostname: db-0, subdomain: db, containers: [{name: c, ports: [{name: sql, containerPort: 5432}]}]}
        status: {podIP: 10.244.1.1, podIPs: [{ip: 10.244.1.1}, {ip: "fd00:10:244::101"}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: other, namespace: shop, labels: {app: db}}
        spec: {containers: [{name: c, ports: [{name: sql, containerPort: 5433}]}]}
        status: {podIP: 10.244.1.2, podIPs: [{ip: 10.244.1.2}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: slow, namespace: shop, labels: {app: slow}}
        spec: {containers: [{name: c}]}
        status: {podIP: 10.244.1.3, podIPs: [{ip: 10.244.1.3}], conditions: [{type: Ready, status: "False"}]}
        """);

    private static string[] Answers(string name, int type) =>
        [.. Asked.Of(Zone, name, type).Answers.Order(StringComparer.Ordinal)];

    [Fact]
    public void Version_2_2() =>
        Assert.Equal(["dns-version.cluster.local 5 TXT 1.1.0"], Answers("dns-version.cluster.local", Asked.Txt));

    [Fact]
    public void Addresses_of_a_service_2_3_1()
    {
        Assert.Equal([$"{Web} 5 A 10.96.0.20"], Answers(Web, Asked.A));
        Assert.Equal([$"{Web} 5 AAAA fd00:10:96::20"], Answers(Web, Asked.Aaaa));
        Assert.True(Asked.Of(Zone, Web, Asked.A).IsAuthoritative);
    }

    [Fact]
    public void Ports_of_a_service_2_3_2()
    {
        var asked = Asked.Of(Zone, $"_http._tcp.{Web}", Asked.Srv);
        Assert.Equal([$"_http._tcp.{Web} 5 SRV 0 100 80 {Web}"], asked.Answers);
        Assert.Equal([$"{Web} 5 A 10.96.0.20", $"{Web} 5 AAAA fd00:10:96::20"], asked.Additional.Order());
        Assert.Equal([$"_stats._udp.{Web} 5 SRV 0 100 81 {Web}"], Answers($"_stats._udp.{Web}", Asked.Srv));
        Assert.Equal(3, Asked.Of(Zone, $"_stats._tcp.{Web}", Asked.Srv).Code);
    }

    [Fact]
    public void Ports_without_a_name_have_no_SRV_2_3_2() =>
        Assert.Equal(3, Asked.Of(Zone, "_._tcp.bare.shop.svc.cluster.local", Asked.Srv).Code);

    [Fact]
    public void Pointers_of_a_service_2_3_3()
    {
        Assert.Equal([$"20.0.96.10.in-addr.arpa 5 PTR {Web}"], Answers("20.0.96.10.in-addr.arpa", Asked.Ptr));
        var six = "0.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa";
        Assert.Equal([$"{six} 5 PTR {Web}"], Answers(six, Asked.Ptr));
    }

    [Fact]
    public void Addresses_of_a_headless_service_2_4_1()
    {
        Assert.Equal([$"{Db} 5 A 10.244.1.1", $"{Db} 5 A 10.244.1.2"], Answers(Db, Asked.A));
        Assert.Equal([$"{Db} 5 AAAA fd00:10:244::101"], Answers(Db, Asked.Aaaa));
        Assert.Equal([$"db-0.{Db} 5 A 10.244.1.1"], Answers($"db-0.{Db}", Asked.A));
        Assert.Equal([$"10-244-1-2.{Db} 5 A 10.244.1.2"], Answers($"10-244-1-2.{Db}", Asked.A));
    }

    [Fact]
    public void Ports_of_a_headless_service_2_4_2()
    {
        var asked = Asked.Of(Zone, $"_sql._tcp.{Db}", Asked.Srv);
        Assert.Equal([$"_sql._tcp.{Db} 5 SRV 0 100 5432 db-0.{Db}",
            $"_sql._tcp.{Db} 5 SRV 0 100 5433 10-244-1-2.{Db}"], asked.Answers.Order(StringComparer.Ordinal));
        Assert.Contains($"db-0.{Db} 5 A 10.244.1.1", asked.Additional);
        Assert.Contains($"db-0.{Db} 5 AAAA fd00:10:244::101", asked.Additional);
        Assert.Contains($"10-244-1-2.{Db} 5 A 10.244.1.2", asked.Additional);
    }

    [Fact]
    public void Pointers_of_a_headless_service_2_4_3() =>
        Assert.Equal(["1.1.244.10.in-addr.arpa 5 PTR db-0." + Db], Answers("1.1.244.10.in-addr.arpa", Asked.Ptr));

    [Fact]
    public void Endpoints_that_are_not_ready_have_no_names_unless_they_are_published_2_4_1()
    {
        Assert.Equal(3, Asked.Of(Zone, "late.shop.svc.cluster.local", Asked.A).Code);
        Assert.Equal(["early.shop.svc.cluster.local 5 A 10.244.1.3"],
            Answers("early.shop.svc.cluster.local", Asked.A));
    }

    [Fact]
    public void An_external_name_is_an_alias_2_5()
    {
        const string away = "away.shop.svc.cluster.local";
        Assert.Equal([$"{away} 5 CNAME db.example.com"], Answers(away, Asked.A));
        Assert.Equal([$"{away} 5 CNAME db.example.com"], Answers(away, Asked.Cname));
        Assert.Equal(0, Asked.Of(Zone, away, Asked.A).Code);
    }

    [Fact]
    public void An_alias_of_a_name_of_the_cluster_is_followed_2_5()
    {
        const string near = "near.shop.svc.cluster.local", bare = "bare.shop.svc.cluster.local";
        Assert.Equal([$"{near} 5 CNAME {bare}", $"{bare} 5 A 10.96.0.21"], Asked.Of(Zone, near, Asked.A).Answers);
        var absent = Asked.Of(Zone, near, Asked.Aaaa);
        Assert.Equal((0, 1, 1), (absent.Code, absent.Answers.Count, absent.Authority.Count));
    }

    [Fact]
    public void Names_of_pods_are_those_of_addresses_that_pods_have()
    {
        const string pod = "10-244-1-1.shop.pod.cluster.local";
        Assert.Equal([$"{pod} 5 A 10.244.1.1"], Answers(pod, Asked.A));
        Assert.Equal(3, Asked.Of(Zone, "10-244-1-9.shop.pod.cluster.local", Asked.A).Code);
        Assert.Equal(3, Asked.Of(Zone, "10-244-1-1.other.pod.cluster.local", Asked.A).Code);
        Assert.Equal(["fd00-10-244--101.shop.pod.cluster.local 5 AAAA fd00:10:244::101"],
            Answers("fd00-10-244--101.shop.pod.cluster.local", Asked.Aaaa));
    }

    [Fact]
    public void The_zone_has_an_authority_and_a_server()
    {
        Assert.Equal(["cluster.local 5 SOA ns.dns.cluster.local hostmaster.cluster.local 7 7200 1800 86400 5"],
            Answers("cluster.local", Asked.Soa));
        Assert.Equal(["cluster.local 5 NS ns.dns.cluster.local"], Answers("cluster.local", Asked.Ns));
        Assert.Equal(["ns.dns.cluster.local 5 A 10.96.0.10"], Answers("ns.dns.cluster.local", Asked.A));
    }
}
