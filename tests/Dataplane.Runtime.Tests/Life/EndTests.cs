using Dataplane.Runtime.Statuses;

namespace Dataplane.Runtime.Tests.Life;

public sealed class EndTests
{
    private const string One = "containers: [{name: c}]";

    [Fact]
    public void A_deleted_pod_is_asked_and_then_forced()
    {
        var play = Running(One);
        Assert.Equal("term c", play.Delete());
        Assert.Equal(("Terminating 1/1 0", 30.0, false), (play.Shown, play.Wake, play.IsGone));
        Assert.Equal("", play.At(29));
        Assert.Equal("kill c", play.At(30));
        Assert.Equal("", play.At(31));
        Assert.Equal("", play.Ended("c", ContainerExit.OfSignal(9)));
        Assert.True(play.IsGone);
    }

    [Fact]
    public void One_that_goes_when_asked_is_not_started_again()
    {
        var play = Running(One);
        play.Delete();
        Assert.Equal("", play.Ended("c", 0));
        Assert.True(play.IsGone);
        Assert.Null(play.Wake);
    }

    [Fact]
    public void Without_grace_it_is_forced_at_once()
    {
        var play = Running(One);
        Assert.Equal("kill c", play.Delete(0));
    }

    [Fact]
    public void A_second_request_shortens_the_grace_and_never_lengthens_it()
    {
        var play = Running(One);
        play.Delete(10);
        Assert.Equal("", play.Delete(20));
        Assert.Equal(10, play.Wake);
        Assert.Equal("", play.Delete(5));
        Assert.Equal("kill c", play.At(5));
    }

    [Fact]
    public void That_holds_for_sidecars_too()
    {
        var play = new Play("initContainers: [{name: s, restartPolicy: Always}]\n" + One);
        play.At(0);
        play.Started("s");
        play.Started("c");
        play.Delete(10);
        play.Delete(20);
        Assert.Equal("term s", play.Ended("c", 0));
        Assert.Equal("kill s", play.At(10));
    }

    [Fact]
    public void What_is_done_before_takes_from_the_grace()
    {
        var play = Running("terminationGracePeriodSeconds: 10\n"
            + "containers: [{name: c, lifecycle: {preStop: {exec: {command: [bye]}}}}]");
        Assert.Equal("prestop c", play.Delete());
        play.At(4);
        Assert.Equal("term c", play.PreStopped("c"));
        Assert.Equal("kill c", play.At(10));
    }

    [Fact]
    public void What_is_done_before_and_never_ends_leaves_two_seconds()
    {
        var play = Running("terminationGracePeriodSeconds: 10\n"
            + "containers: [{name: c, lifecycle: {preStop: {exec: {command: [bye]}}}}]");
        play.Delete();
        Assert.Equal("term c", play.At(10));
        Assert.Equal("", play.At(11.9));
        Assert.Equal("kill c", play.At(12));
    }

    [Fact]
    public void A_pod_that_waits_goes_at_once()
    {
        var play = Running(One);
        play.Ended("c", 1);
        play.Started("c");
        play.Ended("c", 1);
        Assert.Equal("CrashLoopBackOff", play.Status.Word);
        Assert.Equal("", play.Delete());
        Assert.True(play.IsGone);
        Assert.Equal("", play.At(1000));
    }

    [Fact]
    public void One_that_is_just_being_started_is_waited_for()
    {
        var play = new Play(One);
        play.At(0);
        Assert.Equal("", play.Delete());
        Assert.False(play.IsGone);
        Assert.Equal("term c", play.Started("c"));
        play.Ended("c", 0);
        Assert.True(play.IsGone);

        var other = new Play(One);
        other.At(0);
        other.Delete();
        Assert.Equal("", other.NotStarted("c", "no"));
        Assert.True(other.IsGone);
    }

    [Fact]
    public void Sidecars_end_behind_the_others_the_last_one_first()
    {
        var play = new Play("initContainers: [{name: s, restartPolicy: Always}, {name: t, restartPolicy: Always}]\n"
            + One);
        play.At(0);
        Assert.Equal("start t", play.Started("s"));
        Assert.Equal("start c", play.Started("t"));
        play.Started("c");
        Assert.Equal("term c", play.Delete());
        Assert.Equal("term t", play.Ended("c", 0));
        play.At(3);
        Assert.Equal("term s", play.Ended("t", 0));
        Assert.Equal("kill s", play.At(30));
        play.Ended("s", 0);
        Assert.True(play.IsGone);
    }

    private static Play Running(string spec)
    {
        var play = new Play(spec);
        play.At(0);
        play.Started("c");
        return play;
    }
}
