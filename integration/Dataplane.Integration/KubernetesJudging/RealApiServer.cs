using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Dataplane.Integration.KubernetesServing;

namespace Dataplane.Integration.KubernetesJudging;

/// <summary>
/// A kube-apiserver with an etcd, both on loopback in a namespace, without controllers, scheduler and nodes. Their
/// programs are those that the environment variables KUBE_APISERVER and ETCD name.
/// </summary>
internal sealed class RealApiServer : IDisposable
{
    private const int Patience = 120_000, KeptLines = 30, KeptOfFault = 60;
    private const string Token = "judge";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly TempDirectory _directory = new();
    private readonly List<Process> _processes = [];
    private readonly Queue<string> _said = new();
    private bool _isFault;

    private RealApiServer()
    {
    }

    public static string? Program => Environment.GetEnvironmentVariable("KUBE_APISERVER");

    public static string? Store => Environment.GetEnvironmentVariable("ETCD");

    /// <summary>The file by which kubectl finds it.</summary>
    public string Kubeconfig => _directory["kubeconfig"];

    /// <summary>Returns when it is ready.</summary>
    /// <param name="host">Its loopback is up.</param>
    public static async Task<RealApiServer> Start(TestNetns host)
    {
        var server = new RealApiServer();
        try
        {
            server.Launch(host);
            await server.AwaitReady(host);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>The last lines that the two programs have said.</summary>
    public string Said()
    {
        lock (_said) return string.Join('\n', _said);
    }

    public void Dispose()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        _directory.Dispose();
    }

    private void Launch(TestNetns host)
    {
        Run(host, Store!, "--data-dir", _directory["etcd"], "--listen-client-urls", "http://127.0.0.1:2379",
            "--advertise-client-urls", "http://127.0.0.1:2379", "--listen-peer-urls", "http://127.0.0.1:2380",
            "--log-level", "error", "--logger", "zap");
        using var rsa = RSA.Create(2048);
        var key = _directory.Write("key.pem", rsa.ExportRSAPrivateKeyPem());
        var tokens = _directory.Write("tokens.csv", $"{Token},judge,1,system:masters\n");
        // There is no controller that makes the service accounts of namespaces, which pods are admitted with.
        Run(host, Program!, "--etcd-servers", "http://127.0.0.1:2379", "--bind-address", "127.0.0.1",
            "--secure-port", "6444", "--advertise-address", "192.0.2.1", "--cert-dir", _directory["certificates"],
            "--token-auth-file", tokens, "--service-cluster-ip-range", "10.96.0.0/16", "--authorization-mode", "RBAC",
            "--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", key,
            "--service-account-signing-key-file", key, "--disable-admission-plugins", "ServiceAccount",
            "--allow-privileged");
        _directory.Write("kubeconfig", $"""
            apiVersion: v1
            kind: Config
            current-context: c
            clusters:
            - name: c
              cluster:
                insecure-skip-tls-verify: true
                server: https://127.0.0.1:6444
            contexts:
            - name: c
              context:
                cluster: c
                user: u
            users:
            - name: u
              user:
                token: {Token}
            """);
    }

    private void Run(TestNetns host, params string[] command)
    {
        var start = InNetns.Start(host.Name, command);
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        var process = Process.Start(start)!;
        _processes.Add(process);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (_said)
        {
            // The beginning of the fault is worth more than where its threads were.
            _isFault |= line.StartsWith("fatal error:", StringComparison.Ordinal)
                || line.StartsWith("panic:", StringComparison.Ordinal);
            if (_isFault && _said.Count >= KeptOfFault) return;
            _said.Enqueue(line);
            if (!_isFault && _said.Count > KeptLines) _said.Dequeue();
        }
    }

    private async Task AwaitReady(TestNetns host)
    {
        using var client = new ApiClient(await File.ReadAllTextAsync(Kubeconfig), host.Netns);
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            Assert.True(_processes.TrueForAll(p => !p.HasExited), $"kube-apiserver or etcd ended: {Said()}");
            Assert.True(Stopwatch.GetElapsedTime(began).TotalMilliseconds < Patience,
                $"kube-apiserver is not ready: {Said()}");
            try
            {
                using var answer = await client.Http.GetAsync("/readyz", TestContext.Current.CancellationToken);
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            TestContext.Current.CancellationToken.WaitHandle.WaitOne(Pause);
        }
    }
}
