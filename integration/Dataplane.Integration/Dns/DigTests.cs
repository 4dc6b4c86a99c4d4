using System.Net;
using Dataplane.Services.Names;

namespace Dataplane.Integration.Dns;

/// <summary>The name server as dig sees it, by UDP and TCP, in both families.</summary>
public sealed class DigTests
{
    public static TheoryData<string, string> Ways() =>
        [.. from address in NameServer.Addresses from transport in (string[])["+notcp", "+tcp"]
            select (address, transport)];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Every_kind_of_answer(string address, string transport)
    {
        using var server = new NameServer();
        await server.TellAsync(NameRecord.Pointer(IPAddress.Parse("10.96.0.1"), NameServer.Web),
            NameRecord.Alias("away.shop.svc.cluster.local", "db.example.com"));
        var to = $"@{address} {transport}";
        Assert.Equal(["10.96.0.1"], server.Lines($"{to} +short {NameServer.Web} A"));
        Assert.Equal(["fd00::1"], server.Lines($"{to} +short {NameServer.Web} AAAA"));
        Assert.Equal([$"0 100 80 {NameServer.Web}."], server.Lines($"{to} +short _http._tcp.{NameServer.Web} SRV"));
        Assert.Equal([$"{NameServer.Web}."], server.Lines($"{to} +short -x 10.96.0.1"));
        Assert.Equal(["db.example.com."], server.Lines($"{to} +short away.shop.svc.cluster.local A"));
        Assert.Equal(["\"1.1.0\""], server.Lines($"{to} +short dns-version.cluster.local TXT"));
        Assert.Contains("status: NXDOMAIN", server.Dig($"{to} no.{NameServer.Web}").Output, StringComparison.Ordinal);
        Assert.Contains("status: REFUSED", server.Dig($"{to} example.com").Output, StringComparison.Ordinal);
        Assert.Contains("status: BADVERS",
            server.Dig($"{to} +edns=1 +noednsnegotiation {NameServer.Web}").Output, StringComparison.Ordinal);
        var text = server.Dig($"{to} {NameServer.Web} MX").Output;
        Assert.Contains("status: NOERROR", text, StringComparison.Ordinal);
        Assert.Contains("ANSWER: 0, AUTHORITY: 1", text, StringComparison.Ordinal);
        // What dig says of a message that it cannot read, or not to its end.
        Assert.DoesNotContain("malformed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("extra", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_long_for_a_datagram_comes_by_TCP()
    {
        using var server = new NameServer();
        await server.TellAsync([.. Enumerable.Range(1, 200)
            .Select(i => NameRecord.Of("many.shop.svc.cluster.local", new IPAddress([10, 244, 0, (byte)i])))]);
        Assert.Contains("flags: qr aa tc",
            server.Dig("@10.9.0.1 +ignore many.shop.svc.cluster.local").Output, StringComparison.Ordinal);
        Assert.Equal(200, server.Lines("@10.9.0.1 +short many.shop.svc.cluster.local").Distinct().Count());
    }

    [Fact]
    public async Task Before_the_first_snapshot_nothing_is_known_and_after_the_daemon_everything_stays()
    {
        using var server = new NameServer();
        Assert.Contains("status: SERVFAIL", server.Dig($"@10.9.0.1 {NameServer.Web}").Output, StringComparison.Ordinal);
        await server.TellAsync();
        Assert.Equal(["10.96.0.1"], server.Lines($"@10.9.0.1 +short {NameServer.Web} A"));
        using var next = await server.ConnectAsync();
        Assert.Equal(["10.96.0.1"], server.Lines($"@10.9.0.1 +short {NameServer.Web} A"));
    }

    /// <summary>It opened port 53 as root; what reads packets is nobody, in all its threads.</summary>
    [Fact]
    public async Task It_has_no_privileges()
    {
        using var server = new NameServer();
        await server.TellAsync();
        var threads = Directory.GetDirectories($"/proc/{server.ProcessId}/task");
        Assert.NotEmpty(threads);
        Assert.All(threads, thread =>
        {
            var status = File.ReadAllLines($"{thread}/status");
            Assert.Contains("Uid:\t65534\t65534\t65534\t65534", status);
            Assert.Contains("Gid:\t65534\t65534\t65534\t65534", status);
            Assert.Contains(status, l => l.TrimEnd() == "Groups:");
            Assert.Contains("CapEff:\t0000000000000000", status);
            Assert.Contains("CapPrm:\t0000000000000000", status);
        });
    }

    /// <summary>One name server forwards to another one: to UDP, to TCP where it is truncated, and behind an
    /// alias.</summary>
    [Fact]
    public async Task Names_of_elsewhere_are_asked_of_the_upstream()
    {
        using var upstream = new Upstream();
        using var server = new NameServer("--upstream", "10.9.0.3:53");
        await server.TellAsync(NameRecord.Alias("away.shop.svc.cluster.local", "www.example.com"));
        upstream.Serve(server.Netns, "10.9.0.3");
        Assert.Equal(["192.0.2.1"], server.Lines("@10.9.0.1 +short www.example.com A"));
        Assert.Equal(["192.0.2.1"], server.Lines("@fd00:9::1 +tcp +short www.example.com A"));
        Assert.Equal(["www.example.com.", "192.0.2.1"], server.Lines("@10.9.0.1 +short away.shop.svc.cluster.local"));
        Assert.Contains("status: NXDOMAIN", server.Dig("@10.9.0.1 no.example.com").Output, StringComparison.Ordinal);
        Assert.Equal(100, server.Lines("@10.9.0.1 +short many.example.com A").Length);
        // What is ours is answered here, with the upstream or without.
        Assert.Equal(["10.96.0.1"], server.Lines($"@10.9.0.1 +short {NameServer.Web} A"));
        Assert.Contains("status: NXDOMAIN", server.Dig($"@10.9.0.1 no.{NameServer.Web}").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upstream_that_is_not_there_is_a_failure_of_the_server()
    {
        using var server = new NameServer("--upstream", "10.9.0.3");
        await server.TellAsync();
        Assert.Contains("status: SERVFAIL", server.Dig("@10.9.0.1 www.example.com").Output, StringComparison.Ordinal);
    }
}
