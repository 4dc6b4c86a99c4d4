using System.Text;
using Dataplane.Integration.Chaos;

namespace Dataplane.Integration.KubernetesServing;

/// <summary>kubectl, which writes random objects into one namespace for as long as it lives.</summary>
internal sealed class KubectlWriter : IDisposable
{
    private const int Names = 6, Patience = 60_000;
    private static readonly string[] Kinds = ["pod", "configmap", "networkpolicy.networking.k8s.io", "deployment.apps"];

    private readonly DaemonProcess _daemon;
    private readonly string _kubectl, _netns, _namespace;
    private readonly Random _random;
    private readonly Thread _thread;
    private readonly Lock _turn = new();
    private volatile bool _isOver;
    private volatile Exception? _failure;

    public KubectlWriter(string kubectl, DaemonProcess daemon, string netns, string ns, Random random)
    {
        (_kubectl, _daemon, _netns, _namespace, _random) = (kubectl, daemon, netns, ns, random);
        _thread = new Thread(() =>
        {
            try
            {
                while (!_isOver) Write();
            }
            catch (Exception e)
            {
                _failure = e;
            }
        });
        _thread.Start();
    }

    public Ledger Ledger { get; } = new();

    public int Runs { get; private set; }

    /// <summary>Where the API has the objects of a kind, such as <c>pod</c>.</summary>
    public static IEnumerable<(string Kind, string Path)> Collections(string ns) => Kinds.Zip(
        [
            $"/api/v1/namespaces/{ns}/pods", $"/api/v1/namespaces/{ns}/configmaps",
            $"/apis/networking.k8s.io/v1/namespaces/{ns}/networkpolicies", $"/apis/apps/v1/namespaces/{ns}/deployments",
        ]);

    /// <summary>Between two runs of it.</summary>
    public void Quiet(Action action)
    {
        Assert.True(_failure is null, _failure?.ToString());
        lock (_turn) action();
    }

    /// <summary>Returns when so many more writings have been answered.</summary>
    public void AwaitAnswers(int more)
    {
        var wanted = Ledger.Answers + more;
        Assert.True(SpinWait.SpinUntil(() => Ledger.Answers >= wanted || _failure is not null, Patience),
            "kubectl gets no answers");
    }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
    }

    private void Write()
    {
        lock (_turn)
        {
            Runs++;
            if (_random.Next(4) == 0) Delete();
            else Apply();
        }
    }

    private void Apply()
    {
        var wanted = new Dictionary<string, string>();
        var text = new StringBuilder();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var (kind, version) = (_random.Next(Kinds.Length), Ledger.NextVersion());
            var name = $"{Kinds[kind]}/{"abcdef"[_random.Next(Names)]}";
            if (!wanted.TryAdd(name, version)) continue;
            Ledger.Asked(name, version);
            text.Append("---\n").Append(Manifest(kind, name.Split('/')[1], version));
        }
        var result = Kubectl(["apply", "-f", "-"], text.ToString());
        foreach (var (name, version) in wanted)
        {
            Ledger.Heard(name, version,
                result.Output.Split('\n').Any(l => l.StartsWith($"{name} ", StringComparison.Ordinal)));
        }
    }

    private void Delete()
    {
        var name = $"{Kinds[_random.Next(Kinds.Length)]}/{"abcdef"[_random.Next(Names)]}";
        Ledger.Asked(name, null);
        var result = Kubectl(["delete", name, "--ignore-not-found", "--wait=false"], "");
        // Of what is not there it says nothing, and ends well.
        Ledger.Heard(name, null, result.ExitCode == 0);
    }

    private string Manifest(int kind, string name, string version)
    {
        var head = $"metadata: {{name: {name}, labels: {{app: {name}}}, "
            + $"annotations: {{{Ledger.Annotation}: \"{version}\"}}}}\n";
        return kind switch
        {
            0 => $"apiVersion: v1\nkind: Pod\n{head}spec: {{containers: [{{name: c, image: i}}]}}\n",
            1 => $"apiVersion: v1\nkind: ConfigMap\n{head}data: {{a: \"{version}\"}}\n",
            2 => $"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{head}"
                + $"spec: {{podSelector: {{matchLabels: {{app: {name}}}}}, "
                + $"ingress: [{{ports: [{{port: {_random.Next(1, 9)}}}]}}]}}\n",
            _ => $"apiVersion: apps/v1\nkind: Deployment\n{head}spec: {{replicas: {_random.Next(4)}, "
                + $"selector: {{matchLabels: {{of: {name}}}}}, template: {{metadata: {{labels: {{of: {name}}}}}, "
                + "spec: {containers: [{name: c, image: i}]}}}\n",
        };
    }

    private ToolResult Kubectl(string[] arguments, string input)
    {
        var start = InNetns.Start(_netns, [_kubectl, "-n", _namespace, .. arguments]);
        start.Environment["KUBECONFIG"] = Path.Combine(_daemon.StateDirectory, "kubernetes-api", "kubeconfig");
        return Tool.Run(start, input);
    }
}
