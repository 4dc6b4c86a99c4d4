using Dataplane.Cli.Terminal;
using Dataplane.Cli.Why;
using Dataplane.Linux.Native;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Assertions;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Test;

/// <summary>The results of one case.</summary>
internal sealed record TestedCase(AssertionCase Case, IReadOnlyList<AssertionResult> Results);

/// <param name="ControlFailure">With <c>--packets</c>: the reason why the results are invalid; otherwise null.</param>
internal sealed record TestReport(IReadOnlyList<TestedCase> Cases, string? ControlFailure)
{
    public int Passed => Cases.Sum(c => c.Results.Count(r => r.Ok));

    /// <summary>Number of failures, including undecided results.</summary>
    public int Failed => Cases.Sum(c => c.Results.Count(r => !r.Ok));

    public int Undecided => Cases.Sum(c => c.Results.Count(r => r.Got is null));

    /// <summary>True if a case without a check is no failure.</summary>
    public bool AllowsEmpty { get; init; }

    /// <summary>The cases without a check: no expectation names a flow, and there is no pair for a default.</summary>
    public IEnumerable<AssertionCase> Empty => Cases.Where(c => c.Results.Count == 0).Select(c => c.Case);
}

/// <summary>
/// Evaluates assertions. Only failures get a reason, because explaining a million correct answers would take minutes.
/// </summary>
internal static class TestRun
{
    public static TestReport ByPolicies(IReadOnlyList<AssertionCase> cases) => new([.. cases.Select(c =>
    {
        var judge = new CompiledEvaluator(c.Cluster, Compiler.Compile(c.Cluster));
        var wanted = Wanted(c);
        return new TestedCase(c, AssertionRun.Of(c.Plan, flow =>
        {
            var allowed = judge.IsAllowed(flow);
            return new FlowAnswer(
                allowed, wanted[flow].All(w => w == allowed) ? "" : FlowReasons.Policies(c.Cluster, flow));
        }));
    })], null);

    /// <summary>Sends packets on a private node for each case.</summary>
    /// <exception cref="LinuxException">A system call failed.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted; its node has been removed.</exception>
    public static TestReport ByPackets(Shell shell, IReadOnlyList<AssertionCase> cases, NodeOptions node)
    {
        using var interruption = new Interruption();
        var tested = new List<TestedCase>();
        string? controlFailure = null;
        // Warnings about the machine are the same in every case and are printed once.
        var warned = new HashSet<string>();
        foreach (var c in cases)
        {
            var services = new ServiceTest(c);
            if (services.Flows.Count == 0 && services.Questions.Count == 0)
            {
                tested.Add(new TestedCase(c, AssertionRun.Of(c.Plan, _ => default)));
                continue;
            }
            using var progress = new ProgressLine(shell);
            var report = Verifier.Run(
                c.Cluster, node, services.Flows, services.Questions, progress, interruption.Token);
            foreach (var warning in report.Warnings.Where(warned.Add))
                shell.Error.WriteLine($"warning: {c.Title}: {warning}");
            if (report.ControlFailure is { } failure) controlFailure ??= $"{c.Title}: {failure}";
            var measured = report.Flows.ToDictionary(f => f.Flow);
            var wanted = Wanted(c);
            tested.Add(new TestedCase(c, AssertionRun.Of(c.Plan, Answer,
                reach => services.Answer(reach, report, flow => Answer(flow).Allowed is true))));

            FlowAnswer Answer(Flow flow) => !measured.TryGetValue(flow, out var result)
                ? new FlowAnswer(null, "no packet can be sent")
                : new FlowAnswer(
                    Allowed(result.Measured),
                    wanted[flow].All(w => w == Allowed(result.Measured)) ? "" : Reason(c.Cluster, result));
        }
        return new TestReport(tested, controlFailure);
    }

    /// <summary>Null: the reason is wanted, whatever the answer.</summary>
    private static ILookup<Flow, bool?> Wanted(AssertionCase c) =>
        c.Plan.Checks.SelectMany(check => check.Flows, (check, flow) => (flow, check.Want))
            .ToLookup(w => w.flow, w => w.Want switch
            {
                Kubernetes.Assertions.Wanted.Allow => true,
                Kubernetes.Assertions.Wanted.Deny => false,
                _ => (bool?)null,
            });

    private static bool? Allowed(Measured measured) =>
        measured == Measured.Undecided ? null : measured == Measured.Allowed;

    private static string Reason(Cluster cluster, FlowResult result) =>
        $"policies: {FlowReasons.Policies(cluster, result.Flow)}; kernel: {FlowReasons.Kernel(result)}";
}
