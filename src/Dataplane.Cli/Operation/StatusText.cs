using System.Globalization;
using Dataplane.Api;
using Dataplane.Cli.Terminal;
namespace Dataplane.Cli.Operation;

internal static class StatusText
{
    public static bool IsWell(StatusResponse status) =>
        status.DesiredGeneration == status.EnforcedGeneration
            && status is { Problem: null, Errors.Count: 0, StrayThreads.Count: 0 };

    public static void Write(Printer output, Ansi colours, StatusResponse status)
    {
        var enforced = status.DesiredGeneration == status.EnforcedGeneration
            ? colours.Green($"generation {status.EnforcedGeneration}, enforced")
            : colours.Red($"generation {status.DesiredGeneration} is desired, {status.EnforcedGeneration} enforced");
        var rows = new Columns();
        rows.Add("daemon", $"{status.Version}, pid {status.ProcessId}, since {Time(status.Started)}");
        rows.Add("node", $"{status.Node} ({status.Mode}){(status.Adopted ? ", was there before this daemon" : "")}");
        rows.Add("state", enforced);
        if (status.Problem is { } problem) rows.Add("", colours.Red(problem));
        rows.Add(
            "holds",
            $"{Words.Count(status.Pods, "pod")}, {Words.Count(status.NetworkPolicies, "network policy")}, "
                + $"{Words.Count(status.TierPolicies, "tier policy")}"
                + $"{(status.Elements > 0 ? $"; {Words.Count(status.Elements, "set element")}" : "")}");
        rows.Add(
            "tables",
            status.OwnsTables
                ? "owned: no other process can change them"
                : "not owned (kernel before 6.9): what others change is repaired");
        if (status.NoGuard is { } why)
            rows.Add("guard", colours.Red($"none, so fragments from pods are dropped: {why}"));
        rows.Add("short way", status.NoShortWay is { } off ? $"off: {off}"
            : "on: packets of established connections pass by the rules");
        if (status.QueueDepth > 0) rows.Add("queue", $"{Words.Count(status.QueueDepth, "change")} waiting");
        foreach (var error in status.Errors) rows.Add("error", colours.Red(error));
        foreach (var thread in status.StrayThreads)
            rows.Add("error", colours.Red($"thread outside its network namespace: {thread}"));
        rows.Add("repairs", status.RepairsTotal == 0 ? "none" : $"{status.RepairsTotal} since it started");
        foreach (var repair in status.Repairs) rows.Add("", $"{Time(repair.Time)}  {repair.What}: {repair.Found}");
        rows.WriteTo(output);
    }

    private static string Time(DateTimeOffset time) =>
        time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
