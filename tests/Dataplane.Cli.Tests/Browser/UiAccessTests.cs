using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Dataplane.Api.Client;
using Dataplane.Cli.Ui;

namespace Dataplane.Cli.Tests.Browser;

/// <summary>Who is answered by the server of <c>ui</c>, and with which headers.</summary>
public sealed class UiAccessTests : IAsyncLifetime
{
    private const string Token = "0123456789abcdef";

    private readonly ApiClient _api = new("/nonexistent/s");
    private UiServer _server = null!;

    private string Here => $"127.0.0.1:{_server.Port}";

    public async ValueTask InitializeAsync() => _server = await UiServer.StartAsync(new LiveState(_api), Token, 0);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _api.Dispose();
    }

    [Fact]
    public async Task The_viewer_is_for_every_browser_of_this_machine_and_what_the_daemon_says_is_not()
    {
        Assert.Equal(200, await Ask("/"));
        Assert.Equal(200, await Ask("/viewer.js"));
        Assert.Equal(200, await Ask("/viewer.css"));
        foreach (var path in (string[])["/data", "/why?from=0", "/events"])
        {
            Assert.Equal(401, await Ask(path));
            Assert.Equal(401, await Ask(path, "Authorization: Bearer 0123456789abcdee"));
            Assert.Equal(401, await Ask($"{path}{(path.Contains('?') ? '&' : '?')}token={Token}"));
        }
        // With the token: no daemon has answered yet.
        Assert.Equal(503, await Ask("/data", $"Authorization: Bearer {Token}"));
        Assert.Equal(404, await Ask("/etc/passwd", $"Authorization: Bearer {Token}"));
        Assert.Equal(404, await Ask("/v1/state", $"Authorization: Bearer {Token}"));
    }

    /// <summary>DNS rebinding: the browser believes that it talks to another host.</summary>
    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("10.0.0.1")]
    [InlineData("")]
    public async Task A_name_that_leads_here_is_another_host(string host)
    {
        Assert.Equal(403, await Ask("/data", $"Authorization: Bearer {Token}", host: host.Length == 0 ? "x" : host));
        Assert.Equal(403, await Ask("/", host: host.Length == 0 ? "x" : host));
    }

    [Theory]
    [InlineData("Origin: http://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Origin: http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    public async Task A_page_of_another_site_is_refused(string header) =>
        Assert.Equal(403, await Ask("/data", $"Authorization: Bearer {Token}", header));

    [Fact]
    public async Task Its_own_page_and_a_tunnel_are_answered()
    {
        Assert.Equal(503, await Ask("/data", $"Authorization: Bearer {Token}", $"Origin: http://{Here}"));
        Assert.Equal(200, await Ask("/", "Sec-Fetch-Site: none", host: "localhost:8900"));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task It_only_reads(string method) =>
        Assert.Equal(405, await Ask("/data", $"Authorization: Bearer {Token}", method: method));

    [Fact]
    public async Task Nothing_of_others_runs_frames_or_keeps_it()
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync($"http://{Here}/", TestContext.Current.CancellationToken);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';", policy,
            StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers.GetValues("Cache-Control").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, page.Split("<script").Length - 1);
        Assert.Contains("<script src=\"/viewer.js\"></script>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void It_listens_on_loopback_alone()
    {
        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, _server.Port)], listening.Where(l => l.Port == _server.Port));
    }

    /// <summary>By hand: no client sends what an attacker may.</summary>
    private async Task<int> Ask(string path, string? header = null, string? more = null, string? host = null,
        string method = "GET")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _server.Port);
        await using var stream = client.GetStream();
        var lines = ((string?[])[$"{method} {path} HTTP/1.1", $"Host: {host ?? Here}", header, more,
            "Connection: close", "", ""])
            .OfType<string>();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", lines)));
        using var reader = new StreamReader(stream);
        return int.Parse((await reader.ReadLineAsync())!.Split(' ')[1],
            System.Globalization.CultureInfo.InvariantCulture);
    }
}
