using Dataplane.Runtime.Life;
using Dataplane.Runtime.Statuses;

namespace Dataplane.Runtime.Tests.Life;

public sealed class ProbeTests
{
    [Fact]
    public void Readiness_changes_after_as_many_results_in_a_row_as_are_asked_for()
    {
        var play = new Play("""
            containers:
            - name: c
              readinessProbe:
                {tcpSocket: {port: 80}, initialDelaySeconds: 3, periodSeconds: 5, successThreshold: 2,
                  failureThreshold: 2}
            """);
        play.At(0);
        Assert.Equal("", play.Started("c"));
        Assert.Equal(("Running 0/1 0", 3.0), (play.Shown, play.Wake));
        Assert.Equal("probe c Readiness", play.At(3));
        // The next one waits for the result of this one.
        Assert.Equal("", play.At(9));
        Assert.Equal("probe c Readiness", play.Probed("c", ProbeKind.Readiness, true));
        Assert.False(play.Status.IsReady);
        play.Probed("c", ProbeKind.Readiness, true);
        Assert.True(play.Status.IsReady);
        Fail(14);
        Assert.True(play.Status.IsReady);
        Assert.Equal("probe c Readiness", play.At(19));
        play.Probed("c", ProbeKind.Readiness, true);
        Fail(24);
        Assert.True(play.Status.IsReady);
        Fail(29);
        Assert.Equal(("Running 0/1 0", false), (play.Shown, play.Status.IsReady));

        void Fail(double at)
        {
            Assert.Equal("probe c Readiness", play.At(at));
            Assert.Equal("", play.Probed("c", ProbeKind.Readiness, false));
        }
    }

    [Fact]
    public void Liveness_ends_a_run_and_the_next_one_begins()
    {
        var play = new Play("""
            terminationGracePeriodSeconds: 20
            containers:
            - name: c
              livenessProbe: {exec: {command: [check]}, failureThreshold: 2, terminationGracePeriodSeconds: 4}
            """);
        play.At(0);
        Assert.Equal("probe c Liveness", play.Started("c"));
        Assert.Equal("", play.Probed("c", ProbeKind.Liveness, false));
        Assert.Equal("probe c Liveness", play.At(10));
        Assert.Equal("term c", play.Probed("c", ProbeKind.Liveness, false));
        Assert.Equal("", play.At(13));
        Assert.Equal("kill c", play.At(14));
        Assert.Equal("start c", play.Ended("c", ContainerExit.OfSignal(9)));
        // A new run counts from the beginning.
        Assert.Equal("probe c Liveness", play.Started("c"));
        Assert.Equal("", play.Probed("c", ProbeKind.Liveness, false));
        Assert.Equal("Running 1/1 1", play.Shown);
    }

    [Fact]
    public void The_other_probes_wait_for_the_startup_probe()
    {
        var play = new Play("""
            containers:
            - name: c
              startupProbe: {tcpSocket: {port: 80}, periodSeconds: 1, failureThreshold: 3}
              livenessProbe: {tcpSocket: {port: 80}}
              readinessProbe: {tcpSocket: {port: 80}}
            """);
        play.At(0);
        Assert.Equal("probe c Startup", play.Started("c"));
        Assert.Equal("", play.Probed("c", ProbeKind.Startup, false));
        Assert.Equal("probe c Startup", play.At(1));
        Assert.False(play.Status.Containers[0].IsStarted);
        Assert.Equal("probe c Liveness, probe c Readiness", play.Probed("c", ProbeKind.Startup, true));
        Assert.True(play.Status.Containers[0].IsStarted);
        Assert.False(play.Status.IsReady);
        play.Probed("c", ProbeKind.Readiness, true);
        Assert.True(play.Status.IsReady);
        play.Probed("c", ProbeKind.Liveness, true);
        Assert.Equal("probe c Liveness, probe c Readiness", play.At(11));
    }

    [Fact]
    public void A_startup_probe_that_fails_ends_the_run()
    {
        var play = new Play("""
            restartPolicy: Never
            containers:
            - name: c
              startupProbe: {tcpSocket: {port: 80}, periodSeconds: 1, failureThreshold: 1}
            """);
        play.At(0);
        Assert.Equal("probe c Startup", play.Started("c"));
        Assert.Equal("term c", play.Probed("c", ProbeKind.Startup, false));
        Assert.Equal("", play.Ended("c", 0));
        Assert.Equal("Completed 0/1 0", play.Shown);
    }

    [Fact]
    public void A_result_that_comes_after_the_end_counts_for_nothing()
    {
        var play = new Play("containers: [{name: c, livenessProbe: {tcpSocket: {port: 80}, failureThreshold: 1}}]");
        play.At(0);
        play.Started("c");
        Assert.Equal("start c", play.Ended("c", 1));
        Assert.Equal("", play.Probed("c", ProbeKind.Liveness, false));
        Assert.Equal("probe c Liveness", play.Started("c"));
    }
}
