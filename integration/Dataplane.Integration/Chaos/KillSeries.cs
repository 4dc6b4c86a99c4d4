namespace Dataplane.Integration.Chaos;

/// <summary>When a daemon is killed.</summary>
internal enum Moment { Change, Rest, Start }

/// <summary>Kills a daemon at random moments, and starts it again each time.</summary>
internal sealed class KillSeries(DaemonProcess daemon, Random random)
{
    /// <summary>
    /// Longer than a change mostly takes, so that deaths come before and after its answer; and than a start.
    /// </summary>
    private const int ChangeMilliseconds = 250, StartMilliseconds = 900;

    private readonly Dictionary<Moment, int> _kills = Enum.GetValues<Moment>().ToDictionary(m => m, _ => 0);
    private int _answered;

    public int Kills => _kills.Values.Sum();

    public override string ToString() =>
        $"{Kills} kills: {_kills[Moment.Change]} during a change ({_answered} of these after its answer), "
            + $"{_kills[Moment.Rest]} at rest, {_kills[Moment.Start]} during a start";

    /// <summary>Kills it, and returns when the next one answers.</summary>
    /// <param name="change">What the daemon may be killed in; whether it was answered.</param>
    public void Next(Func<bool> change)
    {
        // One after the other, so that none is left out by chance.
        var moment = (Moment)(Kills % _kills.Count);
        _kills[moment]++;
        switch (moment)
        {
            case Moment.Change:
                var killer = new Thread(() => KillWithin(ChangeMilliseconds));
                killer.Start();
                if (change()) _answered++;
                killer.Join();
                break;
            case Moment.Rest:
                KillWithin(ChangeMilliseconds);
                break;
            default:
                daemon.Kill();
                daemon.Launch();
                KillWithin(StartMilliseconds);
                break;
        }
        daemon.Start();
    }

    private void KillWithin(int milliseconds)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(random.Next(milliseconds));
        Thread.SpinWait(random.Next(100_000));
        daemon.Kill();
    }
}
