using Dataplane.Node.Observation;

namespace Dataplane.Integration.Observation;

/// <summary>Repeats are drawn together, and nothing is left out.</summary>
public sealed class FlowWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<ObservedFlow> _told = [];

    [Fact]
    public void The_first_is_told_at_once_and_the_others_when_the_second_is_over()
    {
        var window = new FlowWindow(_told.Add);
        for (var i = 0; i < 10; i++) window.Add(Flow("x/a", i, 80));
        window.Add(Flow("x/a", 10, 81));
        Assert.Equal([(80, 1L), (81, 1L)], _told.Select(f => (f.Port, f.Count)));
        window.Advance(Start + TimeSpan.FromMilliseconds(999));
        Assert.Equal(2, _told.Count);
        window.Advance(Start + FlowWindow.Length);
        // Of the repeats, the first one's time and port.
        Assert.Equal((80, 9L, 1, Start + TimeSpan.FromMilliseconds(1)),
            (_told[2].Port, _told[2].Count, _told[2].SourcePort, _told[2].Time));
        Assert.Equal(3, _told.Count);
        // The next second begins anew.
        window.Add(Flow("x/a", 2000, 80));
        Assert.Equal(1, _told[3].Count);
    }

    [Fact]
    public void The_counts_add_up_whatever_comes()
    {
        var window = new FlowWindow(_told.Add);
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++) window.Add(Flow($"x/{random.Next(50)}", i, random.Next(500)));
        // The clock is set back for an hour: nothing waits for it.
        window.Add(Flow("x/a", -3_600_000, 80));
        window.Advance(Start + TimeSpan.FromMinutes(1));
        Assert.Equal(20_001, _told.Sum(f => f.Count));
    }

    private static ObservedFlow Flow(string from, int millisecond, int port) =>
        new(Start + TimeSpan.FromMilliseconds(millisecond), FlowVerdict.Denied, from, "x/b", "UDP",
            Math.Abs(millisecond), port, "IPv4", "egress", null, 1);
}
