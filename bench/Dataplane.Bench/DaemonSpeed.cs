using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Dataplane.Daemon.Api;
using Dataplane.Integration.Daemon;
using Dataplane.Node.Live;
using Dataplane.Node.Network;

namespace Dataplane.Bench;

/// <summary>
/// The published daemon: how soon it is ready, what it weighs, and how long one policy takes from the request on an open connection
/// to the answer, when the kernel has it and the disk too.
/// </summary>
internal static class DaemonSpeed
{
    private const int Pods = 100, Edits = 300;

    public static void Run()
    {
        var program = Path.GetFullPath("out/dataplane");
        if (!File.Exists(program))
        {
            Console.Error.WriteLine("out/dataplane is not there: run `make build` first");
            return;
        }
        var directory = Directory.CreateTempSubdirectory("dataplane-bench-").FullName;
        var name = RunName.Next();
        try
        {
            using (var first = Start(program, directory, name, out var cold))
            {
                Figures.Line("daemon, from its start to READY=1, empty (bar 500 ms)", $"{cold:0} ms");
                Figures.Line("daemon, resident memory when ready (bar 80 MiB)", $"{Rss(first)} MiB");
                using var client = UnixHttp.Client(SocketOf(directory), TimeSpan.FromMinutes(2));
                Apply(client, "pods.yaml", PodManifests());
                List<double> times = [];
                for (var i = 0; i < Edits; i++)
                    times.Add(Figures.Milliseconds(() => Apply(client, "policy.yaml", Policy(i))));
                times.RemoveRange(0, Edits / 3);
                times.Sort();
                Figures.Line($"apply of one policy on a node of {Pods} pods, median (bar 10 ms)", $"{times[times.Count / 2]:0.00} ms, p99 {times[times.Count * 99 / 100]:0.0} ms");
                Figures.Line($"daemon, resident memory with {Pods} pods after {Edits} changes", $"{Rss(first)} MiB");
                first.Kill();
                first.WaitForExit();
            }
            using var second = Start(program, directory, name, out var adopted);
            Figures.Line($"daemon, from its start to READY=1, adopting {Pods} pods", $"{adopted:0} ms");
            second.Kill();
            second.WaitForExit();
        }
        finally
        {
            LiveNode.Destroy(name);
            Directory.Delete(directory, recursive: true);
        }
    }

    private static Process Start(string program, string directory, string name, out double milliseconds)
    {
        using var ready = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        var notify = Path.Combine(directory, $"notify-{Guid.NewGuid():N}");
        ready.Bind(new UnixDomainSocketEndPoint(notify));
        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(program, ["daemon", "--node-name", name, "--socket", SocketOf(directory), "--state-dir", Path.Combine(directory, "state")])
        {
            RedirectStandardError = true, Environment = { ["NOTIFY_SOCKET"] = notify },
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var buffer = new byte[4096];
        while (!Encoding.UTF8.GetString(buffer, 0, ready.Receive(buffer)).Contains("READY=1", StringComparison.Ordinal))
        {
        }
        milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return process;
    }

    private static string SocketOf(string directory) => Path.Combine(directory, "run", "dataplane.sock");

    private static void Apply(HttpClient client, string file, string text)
    {
        using var response = client.PostAsJsonAsync(ApiPaths.Apply, new ApplyRequest([new ManifestFile(file, text)]), ApiJson.Default.ApplyRequest).GetAwaiter().GetResult();
        var body = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(body);
    }

    private static long Rss(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 >> 20;
    }

    private static string PodManifests() => string.Concat(Enumerable.Range(0, Pods).Select(i =>
        $"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{i}, namespace: ns{i % 5}, labels: {{app: a{i % 10}}}}}\nspec: {{containers: [{{name: c, image: none}}]}}\n---\n"));

    private static string Policy(int edit) => $$$$"""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: np{{{{edit % 10}}}}, namespace: ns{{{{edit % 5}}}}}
        spec:
          podSelector: {matchLabels: {app: a{{{{edit % 10}}}}}}
          ingress: [{from: [{podSelector: {matchLabels: {app: a{{{{edit % 7}}}}}}}], ports: [{port: {{{{1000 + edit}}}}}]}]
        """;
}
