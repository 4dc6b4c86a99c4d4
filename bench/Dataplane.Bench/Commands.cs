using System.Diagnostics;
using System.Text;

namespace Dataplane.Bench;

/// <summary>The published program as a user runs it, from its start to its last line: YAML in, answer out.</summary>
internal static class Commands
{
    public static void Run()
    {
        var program = Path.GetFullPath("out/dataplane");
        if (!File.Exists(program))
        {
            Console.Error.WriteLine("out/dataplane is not there: run `make build` first");
            return;
        }
        using var directory = new TempDirectory();
        var before = Write(directory, "before.yaml", 1_000, 1_000, changed: false);
        var after = Write(directory, "after.yaml", 1_000, 1_000, changed: true);
        var many = Write(directory, "many.yaml", 5_000, 4_750, changed: false);
        Figures.Line("dataplane --help", Measure("--help"));
        Figures.Line("dataplane matrix, 1,000 pods x 1,000 policies x 1 probe",
            Measure($"matrix -f {before} --probe TCP:80 -o json"));
        Figures.Line("dataplane diff, the same with one policy changed",
            Measure($"diff -f {after} --against {before} -o json"));
        Figures.Line("dataplane validate, 10,000 objects", Measure($"validate {many}"));

        (double First, double Median) Measure(string arguments) =>
            Figures.FirstAndMedian(3, () => Figures.Milliseconds(() => Execute(program, arguments)));
    }

    private static void Execute(string program, string arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        process.StandardOutput.BaseStream.CopyTo(Stream.Null);
        errors.Wait();
        process.WaitForExit();
    }

    /// <summary>
    /// Pods in namespaces of twenty and five applications; a default deny in each namespace, then a policy an
    /// application.
    /// </summary>
    private static string Write(TempDirectory directory, string name, int pods, int policies, bool changed)
    {
        var namespaces = pods / 20;
        var text = new StringBuilder();
        for (var i = 0; i < namespaces; i++)
        {
            text.Append(
                $"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ns{i}\n  labels:\n    team: t{i % 10}\n---\n");
        }
        for (var i = 0; i < pods; i++)
        {
            text.Append($"apiVersion: v1\nkind: Pod\nmetadata:\n  name: p{i}\n  namespace: ns{i % namespaces}\n"
                + $"  labels:\n    app: a{i / namespaces % 5}\nspec:\n  containers:\n  - name: c\n"
                + "    image: example/app\n    ports:\n    - containerPort: 80\n---\n");
        }
        for (var i = 0; i < policies; i++)
        {
            text.Append($"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: np{i}\n"
                + $"  namespace: ns{i % namespaces}\nspec:\n")
                    .Append(Spec(i / namespaces, changed && i == policies / 2));
        }
        return directory.Write(name, text.ToString());
    }

    private static string Spec(int kind, bool changed) => kind == 0
        ? "  podSelector: {}\n  policyTypes: [Ingress]\n---\n"
        : $"  podSelector:\n    matchLabels:\n      app: a{kind % 5}\n  ingress:\n  - from:\n    - namespaceSelector:\n"
            + $"        matchLabels:\n          team: t{kind % 10}\n    ports:\n    - port: {(changed ? 81 : 80)}\n"
            + $"    - port: 8080\n      endPort: {8080 + kind}\n---\n";
}
