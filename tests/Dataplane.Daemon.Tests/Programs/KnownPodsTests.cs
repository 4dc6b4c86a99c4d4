using System.Net;
using Dataplane.Control.State;
using Dataplane.Daemon.Programs;
using Dataplane.Kubernetes.Objects;
using Dataplane.Runtime.Commands;
using Dataplane.Runtime.Statuses;
using Dataplane.Runtime.Supervision;

namespace Dataplane.Daemon.Tests.Programs;

/// <summary>What the node is told of what a supervisor says.</summary>
public sealed class KnownPodsTests
{
    private static readonly PodPrograms Programs = new() { Containers = new(new ContainerSpec("c")) };

    private readonly KnownPods _pods = new();

    [Fact]
    public void What_runs_at_the_start_is_ready_as_it_says()
    {
        var first = _pods.Begin([Report("a", "1", isReady: true), Report("b", "1", isReady: false)]);
        Assert.True(first.IsRunning);
        Assert.Equal(["x/a"], first.Ready);
        Assert.Equal("1", _pods.Order("x/a")!.Identity);
    }

    [Fact]
    public void Only_what_differs_is_told()
    {
        _pods.Set(Order("a", "1"));
        Assert.Equal("x/a True", Text(_pods.Take(Report("a", "1", isReady: true))));
        Assert.Null(_pods.Take(Report("a", "1", isReady: true)));
        Assert.Equal("x/a False", Text(_pods.Take(Report("a", "1", isReady: false))));
    }

    [Fact]
    public void Another_order_is_not_ready_before_it_says_so_itself()
    {
        _pods.Begin([Report("a", "1", isReady: true)]);
        // The same pod with other facts goes on.
        Assert.Null(_pods.Set(Order("a", "1")));
        Assert.Equal("x/a False", Text(_pods.Set(Order("a", "2"))));
        Assert.Null(_pods.Take(Report("a", "1", isReady: true)));
        Assert.Equal("x/a True", Text(_pods.Take(Report("a", "2", isReady: true))));
    }

    [Fact]
    public void One_that_is_to_end_is_gone_when_nothing_of_it_runs()
    {
        _pods.Begin([Report("a", "1", isReady: true)]);
        Assert.True(_pods.End("x/a", isEnding: true));
        Assert.False(_pods.End("x/b", isEnding: true));
        // Of one that was replaced before.
        Assert.Equal("x/a False", Text(_pods.Take(new PodReport(Order("a", "0"), null, [], default))));
        Assert.Equal("gone x/a", Text(_pods.Take(new PodReport(Order("a", "1"), null, [], default))));
        Assert.Null(_pods.Report("x/a"));
    }

    [Fact]
    public void What_a_new_supervisor_does_not_know_is_neither_ready_nor_ending()
    {
        _pods.Begin([Report("a", "1", isReady: true), Report("b", "1", isReady: true)]);
        _pods.End("x/b", isEnding: true);
        Assert.Equal("gone x/b, x/a False, x/b False", Text(_pods.Reset([])));
        Assert.Null(_pods.Order("x/a"));
    }

    [Fact]
    public void Whoever_waits_is_told_of_every_change()
    {
        var change = _pods.Change;
        _pods.Take(Report("a", "1", isReady: false));
        Assert.True(change.IsCompleted);
        Assert.False(_pods.Change.IsCompleted);
    }

    [Fact]
    public async Task A_pod_that_is_not_ready_in_time_is_told_with_its_container()
    {
        var pod = new PodObject("x", "a", new Dictionary<string, string>(), [], false, [], default)
        {
            Programs = Programs,
        };
        Assert.Equal("pod x/a is not ready: it has not been started yet",
            await PodReadiness.WaitAsync(_pods, [pod], TimeSpan.Zero, CancellationToken.None));
        _pods.Begin([Report("a", "1", isReady: false)]);
        Assert.Equal("pod x/a is not ready: container c is waiting: CrashLoopBackOff: back-off",
            await PodReadiness.WaitAsync(_pods, [pod], TimeSpan.Zero, CancellationToken.None));
        var waiting = PodReadiness.WaitAsync(_pods, [pod], TimeSpan.FromMinutes(1), CancellationToken.None);
        _pods.Take(Report("a", "1", isReady: true));
        Assert.Null(await waiting);
    }

    private static PodReport Report(string name, string identity, bool isReady) => new(Order(name, identity),
        new PodStatus(Programs, PodPhase.Running, null, [], [new ContainerStatus("c", isReady
            ? new ContainerState.Running(default) : new ContainerState.Waiting("CrashLoopBackOff", "back-off"), 0,
            isReady, isReady, null)], isReady, IsTerminating: false), [], default);

    private static PodOrder Order(string name, string identity) => new(
        "x", name, identity, $"ns-{name}", name, Programs,
        new PodFacts("x", name, new Dictionary<string, string>(), [IPAddress.Loopback], "n", []));

    private static string? Text(ProgramNews? news) => news is null ? null : string.Join(", ",
        news.Gone.Order(StringComparer.Ordinal).Select(p => $"gone {p}")
            .Concat(news.Ready.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key} {r.Value}")));
}
