using Dataplane.Runtime.Statuses;

namespace Dataplane.Runtime.Tests.Life;

public sealed class RestartTests
{
    private const string One = "containers: [{name: c}]";

    [Fact]
    public void All_containers_start_together()
    {
        var play = new Play("containers: [{name: a}, {name: b}]");
        Assert.Equal("ContainerCreating 0/2 0", play.Shown);
        Assert.Equal("start a, start b", play.At(0));
        Assert.Equal("", play.At(0));
        Assert.Equal("", play.Started("a"));
        Assert.Equal(("ContainerCreating 1/2 0", PodPhase.Pending, false),
            (play.Shown, play.Status.Phase, play.Status.IsReady));
        Assert.Equal("", play.Started("b"));
        Assert.Equal(("Running 2/2 0", PodPhase.Running, true),
            (play.Shown, play.Status.Phase, play.Status.IsReady));
        Assert.Null(play.Wake);
    }

    [Fact]
    public void The_pause_doubles_to_five_minutes_and_is_forgotten_after_ten()
    {
        var play = new Play(One);
        play.At(0);
        var now = 0.0;
        foreach (var pause in (double[])[0, 10, 20, 40, 80, 160, 300, 300])
        {
            play.Started("c");
            now += 1;
            play.At(now);
            if (pause == 0)
            {
                Assert.Equal("start c", play.Ended("c", 1));
                continue;
            }
            Assert.Equal("", play.Ended("c", 1));
            Assert.Equal("CrashLoopBackOff", play.Status.Word);
            Assert.Equal(now + pause, play.Wake);
            Assert.Equal("", play.At(now + pause - 0.001));
            now += pause;
            Assert.Equal("start c", play.At(now));
        }
        play.Started("c");
        Assert.Equal(8, play.Status.Restarts);
        play.At(now + 601);
        Assert.Equal("start c", play.Ended("c", 1));
        play.Started("c");
        Assert.Equal("", play.Ended("c", 1));
        Assert.Equal(now + 611, play.Wake);
    }

    [Fact]
    public void A_pause_of_less_than_ten_minutes_of_running_goes_on()
    {
        var play = new Play(One);
        play.At(0);
        play.Started("c");
        play.Ended("c", 1);
        play.Started("c");
        play.At(600);
        Assert.Equal("", play.Ended("c", 1));
        Assert.Equal(610, play.Wake);
    }

    [Fact]
    public void What_waits_says_why_and_how_it_ended()
    {
        var play = new Play(One);
        play.At(0);
        play.Started("c");
        Assert.Equal("start c", play.Ended("c", 3));
        Assert.Equal("Error 0/1 0", play.Shown);
        play.Started("c");
        play.At(5);
        play.Ended("c", ContainerExit.OfSignal(11));
        var status = Assert.Single(play.Status.Containers);
        Assert.Equal(new ContainerState.Waiting("CrashLoopBackOff",
            "back-off 10s restarting failed container=c pod=p_x"), status.State);
        Assert.Equal((139, "Error", 5.0), (status.LastExit!.Exit.Code, status.LastExit.Exit.Reason,
            (status.LastExit.Until - status.LastExit.From).TotalSeconds));
        Assert.Equal("CrashLoopBackOff 0/1 1", play.Shown);
        play.At(15);
        play.Started("c");
        Assert.Equal(139, play.Status.Containers[0].LastExit!.Exit.Code);
        Assert.Equal("Running 1/1 2", play.Shown);
    }

    [Theory]
    [InlineData("Always", 0, "start c", "Completed", PodPhase.Running)]
    [InlineData("Always", 1, "start c", "Error", PodPhase.Running)]
    [InlineData("OnFailure", 0, "", "Completed", PodPhase.Succeeded)]
    [InlineData("OnFailure", 1, "start c", "Error", PodPhase.Running)]
    [InlineData("Never", 0, "", "Completed", PodPhase.Succeeded)]
    [InlineData("Never", 1, "", "Error", PodPhase.Failed)]
    public void Policies(string policy, int code, string then, string word, PodPhase phase)
    {
        var play = new Play($"restartPolicy: {policy}\n{One}");
        play.At(0);
        play.Started("c");
        Assert.Equal(then, play.Ended("c", code));
        Assert.Equal((word, phase, false), (play.Status.Word, play.Status.Phase, play.Status.IsReady));
    }

    [Fact]
    public void A_program_that_is_not_there()
    {
        const string Why = "exec: \"nosuch\": executable file not found in $PATH";
        var play = new Play(One);
        play.At(0);
        Assert.Equal("start c", play.NotStarted("c", Why));
        Assert.Equal(new ContainerState.Waiting("RunContainerError", Why), play.Status.Containers[0].State);
        Assert.Equal("", play.NotStarted("c", Why));
        Assert.Equal("CrashLoopBackOff 0/1 1", play.Shown);
        Assert.Equal(new ContainerExit(128, "StartError", Why), play.Status.Containers[0].LastExit!.Exit);

        var once = new Play($"restartPolicy: Never\n{One}");
        once.At(0);
        Assert.Equal("", once.NotStarted("c", Why));
        Assert.Equal(("StartError", PodPhase.Failed), (once.Status.Word, once.Status.Phase));
    }

    [Fact]
    public void One_that_ended_and_one_that_runs()
    {
        var play = new Play("restartPolicy: OnFailure\ncontainers: [{name: a}, {name: b}]");
        play.At(0);
        play.Started("a");
        play.Started("b");
        play.Ended("a", 0);
        // As kubectl has it: a pod with one container that is done is not ready.
        Assert.Equal(("NotReady 1/2 0", PodPhase.Running), (play.Shown, play.Status.Phase));
        play.Ended("b", 0);
        Assert.Equal(("Completed 0/2 0", PodPhase.Succeeded), (play.Shown, play.Status.Phase));
    }

    [Fact]
    public void A_deadline_ends_the_pod()
    {
        var play = new Play($"activeDeadlineSeconds: 60\nterminationGracePeriodSeconds: 5\n{One}");
        play.At(0);
        play.Started("c");
        Assert.Equal(60, play.Wake);
        Assert.Equal("term c", play.At(60));
        Assert.Equal("", play.At(64.9));
        Assert.Equal("kill c", play.At(65));
        Assert.Equal("", play.Ended("c", ContainerExit.OfSignal(9)));
        Assert.Equal((PodPhase.Failed, "DeadlineExceeded", false),
            (play.Status.Phase, play.Status.Reason, play.IsGone));
        Assert.Null(play.Wake);
    }
}
