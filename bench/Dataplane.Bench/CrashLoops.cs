using System.Globalization;
using System.Text;
using Dataplane.Daemon.Programs;
using Dataplane.Runtime.Supervision.Client;

namespace Dataplane.Bench;

/// <summary>
/// What programs that end again and again cost those who apply something: at two daemons with as many pods, of one of
/// which the programs stay, in turns.
/// </summary>
internal static class CrashLoops
{
    private const int Pods = 200, Edits = 90;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);

    public static void Run()
    {
        var supervisor = Path.Combine(Path.GetDirectoryName(BenchDaemon.Program)!, SupervisorProcess.FileName);
        if (!File.Exists(BenchDaemon.Program) || !File.Exists(supervisor))
        {
            Figures.Skipped("apply beside crash loops", "out/dataplane is not there: run `make build` first");
            return;
        }
        DaemonSpeed.With((directory, name) => DaemonSpeed.With((steadyDirectory, steadyName) =>
        {
            using var crashing = new BenchDaemon(directory, name, "--runtime", "process");
            using var steady = new BenchDaemon(steadyDirectory, steadyName, "--runtime", "process");
            try
            {
                crashing.Apply("pods.yaml", Manifests("'false'"));
                steady.Apply("pods.yaml", Manifests("sleep, '86400'"));
                var (ours, beside) = (new List<double>(), new List<double>());
                for (var i = 0; i < Edits; i++)
                {
                    var text = Policy(i);
                    var (one, other) = (Figures.Milliseconds(() => crashing.Apply("p.yaml", text)),
                        Figures.Milliseconds(() => steady.Apply("p.yaml", text)));
                    if (i < Edits / 3) continue;
                    ours.Add(one);
                    beside.Add(other);
                }
                Figures.Bar($"one policy edited beside {Pods} containers in a crash loop", ours,
                    "beside as many that stay", beside, 1.5, "ms");
            }
            finally
            {
                foreach (var node in (string[])[name, steadyName]) End(node);
            }
        }));
    }

    private static void End(string node)
    {
        using var limit = new CancellationTokenSource(EndLimit);
        SupervisorPlace.EndAsync(node, limit.Token).GetAwaiter().GetResult();
    }

    private static string Manifests(string command)
    {
        var text = new StringBuilder();
        for (var i = 0; i < Pods; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"""
                ---
                apiVersion: v1
                kind: Pod
                metadata: {"{"}name: p{i}, namespace: bench, labels: {"{"}app: a{i % 10}{"}"}{"}"}
                spec: {"{"}containers: [{"{"}name: c, image: i, command: [{command}]{"}"}]{"}"}

                """);
        }
        return text.ToString();
    }

    private static string Policy(int number) =>
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: bench}\n"
        + "spec: {podSelector: {matchLabels: {app: a1}}, "
        + $"ingress: [{{ports: [{{port: {(1000 + number).ToString(CultureInfo.InvariantCulture)}}}]}}]}}\n";
}
