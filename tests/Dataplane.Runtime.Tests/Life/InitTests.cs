using Dataplane.Runtime.Life;
using Dataplane.Runtime.Statuses;

namespace Dataplane.Runtime.Tests.Life;

public sealed class InitTests
{
    private const string Two = "initContainers: [{name: i}, {name: j}]\ncontainers: [{name: c}]";

    [Fact]
    public void Init_containers_run_one_after_the_other()
    {
        var play = new Play(Two);
        Assert.Equal("start i", play.At(0));
        Assert.Equal("Init:0/2 0/1 0", play.Shown);
        Assert.Equal("", play.Started("i"));
        Assert.Equal("start j", play.Ended("i", 0));
        Assert.Equal(("Init:1/2 0/1 0", PodPhase.Pending), (play.Shown, play.Status.Phase));
        play.Started("j");
        Assert.Equal("start c", play.Ended("j", 0));
        Assert.Equal("PodInitializing 0/1 0", play.Shown);
        play.Started("c");
        Assert.Equal("Running 1/1 0", play.Shown);
        Assert.True(play.Status.Init.All(i => i.IsReady));
    }

    [Fact]
    public void One_that_fails_is_tried_again_and_the_others_wait()
    {
        var play = new Play(Two);
        play.At(0);
        play.Started("i");
        Assert.Equal("start i", play.Ended("i", 1));
        Assert.Equal("Init:Error 0/1 0", play.Shown);
        play.Started("i");
        Assert.Equal("", play.Ended("i", 1));
        Assert.Equal("Init:CrashLoopBackOff 0/1 1", play.Shown);
        Assert.Equal("start i", play.At(10));
        play.Started("i");
        Assert.Equal("start j", play.Ended("i", 0));
    }

    [Fact]
    public void One_that_fails_fails_a_pod_that_is_never_restarted()
    {
        var play = new Play($"restartPolicy: Never\n{Two}");
        play.At(0);
        play.Started("i");
        Assert.Equal("", play.Ended("i", 1));
        Assert.Equal(("Init:Error 0/1 0", PodPhase.Failed), (play.Shown, play.Status.Phase));
        Assert.Null(play.Wake);
    }

    [Fact]
    public void A_sidecar_has_to_be_started_and_stays()
    {
        var play = new Play("""
            restartPolicy: Never
            initContainers:
            - name: side
              restartPolicy: Always
              startupProbe: {tcpSocket: {port: 80}, initialDelaySeconds: 2}
            - name: i
            containers: [{name: c}]
            """);
        Assert.Equal("start side", play.At(0));
        Assert.Equal("", play.Started("side"));
        Assert.Equal("Init:0/2 0/2 0", play.Shown);
        Assert.Equal("probe side Startup", play.At(2));
        Assert.Equal("start i", play.Probed("side", ProbeKind.Startup, true));
        play.Started("i");
        Assert.Equal("start c", play.Ended("i", 0));
        play.Started("c");
        Assert.Equal("Running 2/2 0", play.Shown);
        // It is started again whatever the pod's policy says.
        Assert.Equal("start side", play.Ended("side", 0));
        play.Started("side");
        Assert.Equal("Running 1/2 1", play.Shown);
        Assert.False(play.Status.IsReady);
        // With the last of the others it ends.
        Assert.Equal("term side", play.Ended("c", 0));
        Assert.Equal("", play.Ended("side", 0));
        Assert.Equal(("Completed", PodPhase.Succeeded), (play.Status.Word, play.Status.Phase));
    }
}
