using System.Diagnostics;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Dataplane.Integration.Programs;

namespace Dataplane.Integration.KubernetesStreams;

/// <summary>A daemon that runs programs in pods and serves the Kubernetes API, and clients of it.</summary>
internal sealed partial class StreamsLab : IDisposable
{
    private readonly ProgramsLab _lab;

    public StreamsLab(string manifests) => _lab = new ProgramsLab(manifests, "--kubernetes-api", "127.0.0.1:0");

    public ProgramsLab Programs => _lab;

    private string Kubeconfig => Path.Combine(_lab.Daemon.StateDirectory, "kubernetes-api", "kubeconfig");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Real kubectl; the test is skipped where it is not installed.</summary>
    public ToolResult Kubectl(string[] arguments, string input = "") => Tool.Run(Start(arguments), input);

    public ToolResult Kubectl(params string[] arguments) => Kubectl(arguments, "");

    public ProcessStartInfo Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(KubernetesClients.Kubectl(), ["-n", "shop", .. arguments]);
        start.Environment["KUBECONFIG"] = Kubeconfig;
        return start;
    }

    /// <summary>A connection as kubectl makes it.</summary>
    /// <param name="query">Of the subresource, such as <c>exec?command=ls&amp;stdout=true</c>.</param>
    public async Task<ClientWebSocket> Connect(string pod, string query, string protocol = "v5.channel.k8s.io")
    {
        var text = await File.ReadAllTextAsync(Kubeconfig, Stop);
        var (server, token) = (Server().Match(text).Groups[1].Value, Token().Match(text).Groups[1].Value);
        var authority = Encoding.ASCII.GetString(Convert.FromBase64String(Authority().Match(text).Groups[1].Value));
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            using var chain = new X509Chain();
            using var root = X509Certificate2.CreateFromPem(authority);
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(root);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0
                && chain.Build(new X509Certificate2(certificate!));
        };
        await socket.ConnectAsync(
            new Uri($"wss://{server}/api/v1/namespaces/shop/pods/{pod}/{query}"), Stop);
        return socket;
    }

    public static Task Send(ClientWebSocket socket, byte channel, ReadOnlyMemory<byte> bytes) => socket.SendAsync(
        (byte[])[channel, .. bytes.Span], WebSocketMessageType.Binary, endOfMessage: true, Stop);

    /// <summary>All that comes until the server closes, by channel.</summary>
    public static async Task<string[]> All(ClientWebSocket socket)
    {
        var (said, buffer) = (new StringBuilder[] { new(), new(), new(), new() }, new byte[1 << 16]);
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult received;
            do
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(length), Stop);
                length += received.Count;
            }
            while (!received.EndOfMessage);
            if (received.MessageType == WebSocketMessageType.Close) break;
            said[buffer[0]].Append(Encoding.UTF8.GetString(buffer, 1, length - 1));
        }
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Stop);
        return [.. said.Select(s => s.ToString())];
    }

    public void Dispose() => _lab.Dispose();

    [GeneratedRegex("server: https://(.*)")]
    private static partial Regex Server();

    [GeneratedRegex("token: (.*)")]
    private static partial Regex Token();

    [GeneratedRegex("certificate-authority-data: (.*)")]
    private static partial Regex Authority();
}
