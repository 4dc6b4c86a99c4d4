using Dataplane.Runtime.Life;
using Dataplane.Runtime.Statuses;

namespace Dataplane.Runtime.Tests.Life;

/// <summary>A pod whose supervisor ends and is followed by another one: nothing is lost, and nothing begins
/// twice.</summary>
public sealed class RestoreTests
{
    private const string One = """
        terminationGracePeriodSeconds: 20
        containers:
        - name: a
          image: busybox
          command: [run]
        """;

    private const string Probed = One + """

          readinessProbe: {exec: {command: [ready]}, periodSeconds: 5}
          startupProbe: {exec: {command: [up]}, periodSeconds: 1, failureThreshold: 9}
          lifecycle: {preStop: {exec: {command: [bye]}}}
        """;

    [Fact]
    public void What_runs_goes_on_running()
    {
        var play = new Play(One);
        Assert.Equal("start a", play.At(0));
        play.Started("a");
        Assert.Equal("", play.Restored(50));
        Assert.Equal("Running 1/1 0", play.Shown);
        Assert.Equal("", play.Restored(51));
        Assert.Equal("start a", play.Ended("a", ContainerExit.Unknown));
    }

    [Fact]
    public void A_pause_goes_on_and_grows_on()
    {
        var play = new Play(One);
        play.At(0);
        play.Started("a");
        play.Ended("a", 1);
        play.Started("a");
        Assert.Equal("", play.Ended("a", 1));
        Assert.Equal("CrashLoopBackOff 0/1 1", play.Shown);
        Assert.Equal("", play.Restored(3));
        Assert.Equal(10, play.Wake);
        Assert.Equal("start a", play.At(10));
        play.Started("a");
        play.Ended("a", 1);
        Assert.Equal("", play.Restored(12));
        Assert.Equal(30, play.Wake);
    }

    [Fact]
    public void A_start_that_was_ordered_is_not_ordered_again_until_it_is_known_what_became_of_it()
    {
        var play = new Play(One);
        Assert.Equal("start a", play.At(0));
        Assert.Equal("", play.Restored(1));
        Assert.Equal("", play.At(500));
        Assert.Equal("start a", play.NotBegun("a"));
        Assert.Equal("Pending", play.Status.Phase.ToString());
        Assert.Equal("", play.Restored(501));
        play.Started("a");
        Assert.Equal("Running 1/1 0", play.Shown);
    }

    [Fact]
    public void What_probes_said_stands_until_they_say_otherwise()
    {
        var play = new Play(Probed);
        play.At(0);
        Assert.Equal("probe a Startup", play.Started("a"));
        // One that was under way is made again.
        Assert.Equal("probe a Startup", play.Restored(0.5));
        Assert.Equal("probe a Readiness", play.Probed("a", ProbeKind.Startup, true));
        play.Probed("a", ProbeKind.Readiness, true);
        Assert.Equal("Running 1/1 0", play.Shown);
        Assert.Equal("probe a Readiness", play.Restored(2));
        Assert.Equal("Running 1/1 0", play.Shown);
    }

    [Fact]
    public void What_is_to_end_ends_in_the_time_that_it_had()
    {
        var play = new Play(Probed);
        play.At(0);
        play.Started("a");
        play.Probed("a", ProbeKind.Startup, true);
        Assert.Equal("prestop a", play.Delete());
        // The action is not made again: the program is asked to end at once.
        Assert.Equal("term a", play.Restored(5));
        Assert.Equal(20, play.Wake);
        Assert.Equal("term a", play.Restored(19));
        Assert.Equal("kill a", play.Restored(21));
        play.Ended("a", 137);
        Assert.True(play.IsGone);
    }

    [Fact]
    public void What_was_deleted_while_a_start_was_under_way_is_gone_or_ends()
    {
        foreach (var hasBegun in (bool[])[true, false])
        {
            var play = new Play(One);
            play.At(0);
            play.Delete();
            Assert.Equal("", play.Restored(1));
            Assert.False(play.IsGone);
            Assert.Equal(hasBegun ? "term a" : "", hasBegun ? play.Started("a") : play.NotBegun("a"));
            Assert.Equal(!hasBegun, play.IsGone);
        }
    }

    [Fact]
    public void Init_containers_that_are_done_stay_so()
    {
        var play = new Play("""
            initContainers:
            - {name: i, image: busybox, command: [run]}
            containers:
            - {name: a, image: busybox, command: [run]}
            """);
        Assert.Equal("start i", play.At(0));
        play.Started("i");
        Assert.Equal("start a", play.Ended("i", 0));
        play.Started("a");
        Assert.Equal("", play.Restored(100));
        Assert.Equal("Running 1/1 0", play.Shown);
    }
}
