using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dataplane.Integration.Chaos;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.KubernetesServing;

/// <summary>Plain HTTP to the API server of a daemon.</summary>
internal sealed class ApiClient : IDisposable
{
    /// <param name="file">Whose token it has: <c>kubeconfig</c> or <c>kubeconfig-read</c>.</param>
    /// <param name="within">The namespace that the daemon was started in; null: ours.</param>
    public ApiClient(DaemonProcess daemon, string file, Netns? within = null)
        : this(File.ReadAllText(Path.Combine(daemon.StateDirectory, "kubernetes-api", file)), within)
    {
    }

    /// <param name="text">A kubeconfig with a server and a token, each on a line of its own.</param>
    /// <param name="within">The namespace of the server; null: ours.</param>
    public ApiClient(string text, Netns? within)
    {
        var handler = new SocketsHttpHandler();
        // The authority is held by the tests of streams.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        if (within is not null) handler.ConnectCallback = (to, stop) => Connect(within, to.DnsEndPoint, stop);
        Http = new HttpClient(handler) { BaseAddress = new Uri(Regex.Match(text, "server: (.*)").Groups[1].Value) };
        Http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", Regex.Match(text, "token: (.*)").Groups[1].Value);
    }

    public HttpClient Http { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Fails the test where the answer has another status than the wanted one.</summary>
    public async Task<JsonNode> Ask(HttpMethod method, string path, string? body = null, HttpStatusCode? status = null,
        string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await Http.SendAsync(request, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.StatusCode == (status ?? HttpStatusCode.OK), $"{method} {path}: {answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    public void Dispose() => Http.Dispose();

    private static async ValueTask<Stream> Connect(Netns netns, DnsEndPoint to, CancellationToken stop)
    {
        var address = IPAddress.Parse(to.Host);
        var socket = PodSocket.Open(netns, address, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, to.Port), stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
