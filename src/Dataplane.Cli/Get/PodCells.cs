using System.Globalization;
using Dataplane.Api;
using Dataplane.Cli.Terminal;
using HumanDuration = Dataplane.ApiMachinery.Tables.HumanDuration;

namespace Dataplane.Cli.Get;

/// <summary>What runs in a pod, as kubectl prints it.</summary>
internal static class PodCells
{
    private const string None = "-";

    public static readonly string[] Header = ["READY", "STATUS", "RESTARTS", "AGE"];

    public static string[] Of(ObjectEntry entry, DateTimeOffset now) => entry.Pod is not { Summary: { } pod } has
        ? [None, None, None, None]
        : [pod.Ready, pod.Status, Restarts(pod.Restarts, has.Status, now),
            has.Status?.StartTime is { } start ? HumanDuration.Text(now - start) : "<unknown>"];

    /// <summary>Such as <c>Running</c>, with why and since when (kubectl describe).</summary>
    public static void AddContainers(Columns rows, PodEntry pod)
    {
        if (pod is not { Summary: { } summary, Status: { } status }) return;
        rows.Add("Status", summary.Status);
        if (status.Reason is { } reason) rows.Add("Reason", reason);
        rows.Add("Ready", $"{summary.Ready}{(status.Conditions.Any(c => c is { Type: "Ready", Status: "True" })
            ? "" : ": no Service leads to it")}");
        if (status.StartTime is { } start) rows.Add("Start Time", Text(start));
    }

    public static void WriteContainers(Printer output, string title, IReadOnlyList<ContainerStatusEntry> containers,
        PodEntry pod, Func<string, IEnumerable<(string Title, string Text)>> probesOf)
    {
        if (containers.Count == 0) return;
        output.WriteLine($"{title}:");
        foreach (var container in containers)
        {
            output.WriteLine($"  {container.Name}:");
            var rows = new Columns();
            if (container.Image.Length > 0) rows.Add("Image:", container.Image);
            AddState(rows, "State:", container.State);
            if (container.LastState is { } last) AddState(rows, "Last State:", last);
            rows.Add("Ready:", container.Ready ? "True" : "False");
            if (!container.Started) rows.Add("Started:", "False");
            rows.Add("Restart Count:", container.RestartCount.ToString(CultureInfo.InvariantCulture));
            if (pod.Processes?.FirstOrDefault(p => p.Container == container.Name) is { } process)
                rows.Add("Process:", process.Id.ToString(CultureInfo.InvariantCulture));
            foreach (var (probe, text) in probesOf(container.Name)) rows.Add(probe, text);
            rows.WriteTo(output, "    ");
        }
    }

    /// <summary>The status as comments of YAML, in the spelling of core/v1.</summary>
    public static void WriteStatus(Printer output, string name, PodStatusEntry status)
    {
        output.WriteLine($"# Pod {name} has the status");
        Line(1, $"phase: {status.Phase}");
        if (status.Reason is { } reason) Line(1, $"reason: {reason}");
        if (status.StartTime is { } start) Line(1, $"startTime: {Stamp(start)}");
        foreach (var (title, containers) in new[]
        {
            ("initContainerStatuses", status.InitContainerStatuses), ("containerStatuses", status.ContainerStatuses),
        })
        {
            if (containers.Count > 0) Line(1, $"{title}:");
            foreach (var container in containers)
            {
                Line(1, $"- name: {container.Name}");
                Line(2, $"ready: {(container.Ready ? "true" : "false")}");
                Line(2, $"restartCount: {container.RestartCount.ToString(CultureInfo.InvariantCulture)}");
                Line(2, $"state: {Flow(container.State)}");
                if (container.LastState is { } last) Line(2, $"lastState: {Flow(last)}");
            }
        }

        void Line(int depth, string text) => output.WriteLine($"# {new string(' ', 2 * depth)}{text}");
    }

    private static string Restarts(int count, PodStatusEntry? status, DateTimeOffset now)
    {
        var text = count.ToString(CultureInfo.InvariantCulture);
        var last = status?.ContainerStatuses.Concat(status.InitContainerStatuses)
            .Select(c => (c.LastState?.Terminated ?? c.State.Terminated)?.FinishedAt).Max();
        return count == 0 || last is null ? text : $"{text} ({HumanDuration.Text(now - last.Value)} ago)";
    }

    private static void AddState(Columns rows, string title, ContainerStateEntry state)
    {
        switch (state)
        {
            case { Waiting: { } waiting }:
                rows.Add(title, "Waiting");
                rows.Add("  Reason:", waiting.Reason);
                if (waiting.Message is { } why) rows.Add("  Message:", why);
                break;
            case { Running: { } running }:
                rows.Add(title, "Running");
                rows.Add("  Started:", Text(running.StartedAt));
                break;
            case { Terminated: { } ended }:
                rows.Add(title, "Terminated");
                rows.Add("  Reason:", ended.Reason);
                if (ended.Message is { } message) rows.Add("  Message:", message);
                rows.Add("  Exit Code:", ended.ExitCode.ToString(CultureInfo.InvariantCulture));
                rows.Add("  Started:", Text(ended.StartedAt));
                rows.Add("  Finished:", Text(ended.FinishedAt));
                break;
        }
    }

    private static string Flow(ContainerStateEntry state) => state switch
    {
        { Waiting: { } waiting } => $"{{waiting: {{reason: {waiting.Reason}}}}}",
        { Running: { } running } => $"{{running: {{startedAt: {Stamp(running.StartedAt)}}}}}",
        { Terminated: { } ended } => $"{{terminated: {{exitCode: {ended.ExitCode}, reason: {ended.Reason}, "
            + $"startedAt: {Stamp(ended.StartedAt)}, finishedAt: {Stamp(ended.FinishedAt)}}}}}",
        _ => "{}",
    };

    /// <summary>RFC 1123, as kubectl describe has it.</summary>
    private static string Text(DateTimeOffset time) =>
        time.ToLocalTime().ToString("ddd, dd MMM yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture);

    private static string Stamp(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
