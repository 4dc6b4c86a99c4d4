using Dataplane.Api;
using Dataplane.Control.Refusals;
using Dataplane.Daemon.Host;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Linux.Native;

namespace Dataplane.Daemon.Tests.Host;

/// <summary>Refusals as clients see them: clients script against names, statuses and exit codes.</summary>
public sealed class ProblemTests
{
    private static readonly SourcePosition Here = new("a.yaml", 1, 2), There = new("/m/b.yaml", 3, 4);

    private static readonly RefusalException[] All =
    [
        RefusalException.Invalid([new Diagnostic("K001", Severity.Error, "wrong", Here)]),
        RefusalException.Watched("Pod x/a", Here, There, "/m/b.yaml"),
        RefusalException.Changed("Pod x/a"),
        RefusalException.PodTaken("x/a", "eth0 of container c, network n"),
        RefusalException.NotFound("Pod x/a"),
        RefusalException.StateLost("a file was cut"),
        RefusalException.Kernel(new LinuxException("add a link", Errno.EPERM)),
        RefusalException.NotStored(new IOException("the disk is full")),
        RefusalException.NotProven(7, "no packet in 1 s"),
        RefusalException.Stopping(),
    ];

    [Fact]
    public void Each_kind_has_its_name_status_and_exit_code()
    {
        Assert.Equal(Enum.GetValues<RefusalKind>(), All.Select(r => r.Kind));
        Assert.Equal(
        [
            "invalid-manifests 422 3", "conflict 409 3", "changed 409 3", "taken 409 3", "not-found 404 1",
            "state-lost 409 3", "kernel-refused 500 5", "not-stored 500 5", "not-proven 504 6", "stopping 503 4",
        ], All.Select(Problems.Of).Select(p => $"{p.Type[Problem.Namespace.Length..]} {p.Status} {p.ExitCode}"));
    }

    [Fact]
    public void Diagnostics_and_words_are_the_cores()
    {
        var problem = Problems.Of(RefusalException.Watched("Pod x/a", Here, There, "/m/b.yaml"));
        Assert.Equal("Pod x/a is given in a.yaml:1:2 and in /m/b.yaml:3:4 of the manifest directory: "
            + "change /m/b.yaml instead, or remove it there", problem.Detail);
        var entry = Assert.Single(problem.Diagnostics);
        Assert.Equal(("D001", "error", "a.yaml", 1, 2),
            (entry.Code, entry.Severity, entry.File, entry.Line, entry.Column));
        Assert.Equal("change /m/b.yaml instead, or remove it there", entry.Help);
    }
}
