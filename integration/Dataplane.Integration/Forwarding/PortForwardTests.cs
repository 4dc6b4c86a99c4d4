using System.Net;
using System.Net.Sockets;
using Dataplane.Integration.Programs;
using Dataplane.Integration.Promises;

namespace Dataplane.Integration.Forwarding;

/// <summary>kubectl port-forward to pods of the real daemon.</summary>
public sealed class PortForwardTests : IDisposable
{
    private const int Large = 10 << 20;

    private readonly ProgramsLab? _lab;

    public PortForwardTests()
    {
        KubernetesClients.Kubectl();
        _lab = new ProgramsLab(ProgramsLab.Pod("a", ProgramsLab.Answering)
            + ProgramsLab.Pod("echo", ProgramsLab.Script("exec busybox nc -ll -p 7000 -e cat")),
            "--kubernetes-api", "127.0.0.1:0");
        _lab.Await("a", "Running");
        _lab.Await("echo", "Running");
    }

    public void Dispose() => _lab?.Dispose();

    [Fact]
    public async Task The_pod_answers_through_it_as_often_as_it_is_asked()
    {
        using var forward = new KubectlForward(_lab!, "a", 80);
        var pages = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Page(forward)));
        Assert.All(pages, p => Assert.Contains("shop/a TCP", p, StringComparison.Ordinal));
        Assert.Contains("shop/a TCP", await Page(forward), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_nobody_listens_on_is_said()
    {
        using var forward = new KubectlForward(_lab!, "a", 81);
        await Assert.ThrowsAsync<HttpRequestException>(() => Page(forward));
        Steady.Until(() => forward.Errors.Contains("connection refused", StringComparison.Ordinal),
            () => $"kubectl says why: {forward.Errors}\n{_lab!.Daemon.Said()}");
        Assert.Contains("error forwarding port 81 to pod shop/a, uid :", forward.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_bytes_come_back_as_they_went()
    {
        using var forward = new KubectlForward(_lab!, "echo", 7000);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, forward.Port), limit.Token);
        await using var stream = new NetworkStream(socket);
        var (sent, back) = (new byte[Large], new byte[Large]);
        new Random(1).NextBytes(sent);
        var sending = stream.WriteAsync(sent, limit.Token).AsTask();
        await stream.ReadExactlyAsync(back, limit.Token);
        await sending;
        // The end comes back as well: each way has its own.
        socket.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], limit.Token));
        Assert.True(sent.AsSpan().SequenceEqual(back));
    }

    [Fact]
    public void A_pod_that_is_not_there_is_not_found()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => new KubectlForward(_lab!, "none", 80));
        Assert.Contains("pods \"none\" not found", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> Page(KubectlForward forward)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(
            new Uri($"http://127.0.0.1:{forward.Port}/"), TestContext.Current.CancellationToken);
    }
}
