using Dataplane.Daemon.Host;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dataplane.Daemon.Tests.Host;

public sealed class StopLimitTests
{
    [Fact]
    public void A_stop_that_hangs_ends_the_process_within_the_time_of_the_unit()
    {
        var (time, ended) = (new HeldTimers(), 0);
        using (var limit = new StopLimit(NullLogger.Instance, time, () => ended++))
        {
            Assert.Null(time.Due);
            limit.Begin();
            Assert.Equal(StopLimit.Limit, time.Due);
            time.Fire();
            Assert.Equal(1, ended);
        }
        Assert.True(time.IsDisposed);
        var unit = File.ReadAllLines(SourceTree.Full("deploy/dataplane.service"))
            .Single(l => l.StartsWith("TimeoutStopSec=", StringComparison.Ordinal));
        Assert.True(StopLimit.Limit < TimeSpan.FromSeconds(int.Parse(unit["TimeoutStopSec=".Length..],
            System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>A timer that fires when the test says so.</summary>
    private sealed class HeldTimers : TimeProvider, ITimer
    {
        private Action? _fire;

        public TimeSpan? Due { get; private set; }

        public bool IsDisposed { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (Due, _fire) = (dueTime, () => callback(state));
            return this;
        }

        public void Fire() => _fire!();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => IsDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
