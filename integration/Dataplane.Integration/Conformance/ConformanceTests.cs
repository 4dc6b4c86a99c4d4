using Dataplane.Linux.Namespaces;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Integration.Conformance;

/// <summary>
/// Every case with kinds that we read, three times: by the oracle, by the compiled classes, by packets.
/// </summary>
public sealed class ConformanceTests
{
    private const string NoCases = "(none)";
    private static readonly string[] Suites =
        ["k8s-e2e", "np-guard", "npapi-anp-v1alpha1", "npapi-cnp-v1alpha2", "recipes"];

    public static TheoryData<string> Cases
    {
        get
        {
            var cases = Suites.SelectMany(ConformanceFolder.Cases).ToArray();
            return cases.Length > 0 ? [.. cases] : [NoCases];
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_oracle_and_the_classes_agree(string name)
    {
        foreach (var step in Steps(name))
        {
            var compiled = new CompiledEvaluator(step.Cluster, Compiler.Compile(step.Cluster));
            AssertEmpty(name, step, step.Flows.Where(f => Oracle.Evaluate(step.Cluster, f.Flow).Allowed != f.Allowed)
                .Select(f => Text(f, "the oracle")));
            AssertEmpty(name, step, step.Flows.Where(f => compiled.IsAllowed(f.Flow) != f.Allowed)
                .Select(f => Text(f, "the compiled classes")));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Packets_agree(string name)
    {
        foreach (var step in Steps(name))
        {
            var probes = step.Flows.Select(f => f.Flow.Probe).Distinct().ToList();
            var report = Verifier.Run(step.Cluster, NodeOptions.Default, probes, step.Externals, null, null, null,
                TestContext.Current.CancellationToken);
            Assert.Null(report.ControlFailure);
            var measured = report.Flows.ToDictionary(f => f.Flow);
            var wrong = new List<string>();
            foreach (var (flow, allowed) in step.Flows)
            {
                if (Impossible(flow)) continue;
                var result = measured[flow];
                if (result.Measured != (allowed ? Measured.Allowed : Measured.Denied))
                    wrong.Add(Text((flow, allowed), $"the wire ({result.Measured}, {result.DropReason})"));
            }
            AssertEmpty(name, step, wrong);
            // What no machine can send or receive has a verdict all the same; the report must say that it was left out.
            Assert.Equal(step.Externals.Count(e => HostAddress.WhyNot(e.Address) is not null),
                report.Warnings.Count(w => w.Contains("left out", StringComparison.Ordinal)));
        }
        ThreadHome.AssertAllHome();
    }

    private static bool Impossible(Flow flow) =>
        new[] { flow.From, flow.To }.OfType<ExternalEndpoint>().Any(e => HostAddress.WhyNot(e.Address) is not null);

    private static List<ConformanceStep> Steps(string name)
    {
        if (name == NoCases) Assert.Skip(ConformanceFolder.Absence);
        var folder = Path.Combine(ConformanceFolder.Path!, name);
        var missing = ConformanceStep.MissingKinds(folder);
        if (missing.Count > 0) Assert.Skip($"needs {string.Join(", ", missing)}");
        var steps = ConformanceStep.Read(folder).ToList();
        Assert.NotEmpty(steps);
        Assert.All(steps, s => Assert.NotEmpty(s.Flows));
        return steps;
    }

    private static string Text((Flow Flow, bool Allowed) f, string who) =>
        $"{f.Flow.From.Name} -> {f.Flow.To.Name} {f.Flow.Probe} {f.Flow.Family.Text()}: "
            + $"expected {(f.Allowed ? "allowed" : "denied")}, not so {who}";

    private static void AssertEmpty(string name, ConformanceStep step, IEnumerable<string> wrong)
    {
        var list = wrong.ToList();
        Assert.True(list.Count == 0, $"{name}, {step.Name}: {list.Count} of {step.Flows.Count} flows are wrong:\n"
            + $"{string.Join('\n', list.Take(10))}");
    }
}
