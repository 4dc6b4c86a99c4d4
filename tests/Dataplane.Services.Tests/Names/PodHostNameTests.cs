using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;
using Dataplane.Services.Names;

namespace Dataplane.Services.Tests.Names;

/// <summary>The name of a pod's host and its /etc/hosts, as the kubelet has them.</summary>
public sealed class PodHostNameTests
{
    private static readonly PodObject Web = new("shop", "web-0", new Dictionary<string, string>(), [], false, [],
        new SourcePosition("test.yaml", 1, 1));

    [Fact]
    public void A_pod_is_a_host_of_its_own_name() =>
        Assert.Equal(new PodHostName("web-0", "", "web-0"), PodHostName.Of(Web));

    [Fact]
    public void Hostname_and_subdomain_make_a_name_with_a_domain()
    {
        var pod = Web with { HostName = "first", Subdomain = "web" };
        Assert.Equal(new PodHostName("first", "web.shop.svc.cluster.local", "first"), PodHostName.Of(pod));
        Assert.Equal("first.web.shop.svc.cluster.local",
            PodHostName.Of(pod with { Host = PodHost.Usual with { IsFull = true } }).Host);
    }

    [Fact]
    public void A_name_with_its_domain_that_the_kernel_does_not_take_is_not_used() => Assert.Equal("web-0",
        PodHostName.Of(Web with { Subdomain = new string('a', 50), Host = PodHost.Usual with { IsFull = true } }).Host);

    [Fact]
    public void Another_name_takes_the_place_of_all() => Assert.Equal(
        new PodHostName("db.example.com", "", "db.example.com"), PodHostName.Of(Web with
        {
            HostName = "first", Subdomain = "web", Host = PodHost.Usual with { Override = "db.example.com" },
        }));

    [Fact]
    public void A_long_name_is_cut() => Assert.Equal(new string('a', 62),
        PodHostName.Of(Web with { Name = $"{new string('a', 62)}-{new string('b', 9)}" }).Host);

    [Fact]
    public void Hosts_has_the_addresses_of_the_pod_and_its_aliases()
    {
        var pod = Web with
        {
            HostName = "first", Subdomain = "web",
            Host = PodHost.Usual with
            {
                Aliases =
                    [new(IPAddress.Parse("192.0.2.7"), ["db", "db.example.com"]), new(IPAddress.IPv6Loopback, [])],
            },
        };
        Assert.Equal("""
            # Kubernetes-managed hosts file.
            127.0.0.1	localhost
            ::1	localhost ip6-localhost ip6-loopback
            fe00::0	ip6-localnet
            fe00::0	ip6-mcastprefix
            fe00::1	ip6-allnodes
            fe00::2	ip6-allrouters
            10.244.0.2	first.web.shop.svc.cluster.local	first
            fd00:10:244::2	first.web.shop.svc.cluster.local	first

            # Entries added by HostAliases.
            192.0.2.7	db	db.example.com
            ::1	
            """, string.Join('\n', PodHostName.Hosts(
            new PodEndpoint(pod, IPAddress.Parse("10.244.0.2"), IPAddress.Parse("fd00:10:244::2")))));
        Assert.Equal("10.244.0.2\tweb-0", PodHostName.Hosts(
            new PodEndpoint(Web, IPAddress.Parse("10.244.0.2"), null))[^1]);
    }
}
