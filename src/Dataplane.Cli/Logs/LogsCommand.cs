using System.CommandLine;
using System.Globalization;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Logs;

/// <summary><c>logs</c>: what a container wrote.</summary>
internal static class LogsCommand
{
    private const int BufferBytes = 64 << 10;

    public static Command Build(Shell shell)
    {
        var pod = new Argument<string>("pod") { HelpName = "POD", Description = PodNames.Help };
        var container = new Option<string>("--container", "-c")
        {
            HelpName = "NAME", Description = "Which one, where the pod has several",
        };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the container ends, or Ctrl-C" };
        var previous = new Option<bool>("--previous", "-p")
        {
            Description = "Of the run before this one: why it was started again",
        };
        var timestamps = new Option<bool>("--timestamps") { Description = "When each line was written" };
        var tail = new Option<int?>("--tail")
        {
            HelpName = "N", Description = "The last lines only; -1: all, the default",
        };
        tail.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture, out var n) && n >= -1))
            {
                result.AddError($"--tail {token.Value}: no number of lines, 0 or more, or -1 for all");
            }
        });
        var since = new Option<string>("--since")
        {
            HelpName = "TIME", Description = "Only lines that are not older, such as 5s, 2m or 3h",
        };
        since.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Duration.Seconds(token.Value) is null)
                result.AddError($"--since {token.Value}: no time such as 5s, 2m or 1h30m");
        });
        var (ns, daemon) = (Settings.Namespace(), new DaemonChoice(shell, waits: false));
        var command = new HelpfulCommand("logs", "What a container of a pod wrote to its output and its errors.")
        {
            Examples =
            [
                ("dataplane logs shop/front", "all of its present run"),
                ("dataplane logs -f --tail 10 shop/front -c app", "the last lines, and what follows"),
                ("dataplane logs shop/front --previous", "of the run that ended"),
            ],
            Exits =
            [
                (0, "printed; with -f: the container ended, or Ctrl-C"),
                (1, "no such pod, container or run; or nothing runs in pods"),
                (2, "wrong command line"),
                (4, "no daemon, no permission, or it has ended"),
                (6, "so many follow already"),
            ],
            Remarks =
            [
                "Programs run in pods where the daemon has --runtime process. Of each run the last 10 to 20 MiB are "
                    + "kept.",
            ],
        };
        command.Add(pod);
        foreach (var option in (Option[])[ns, container, follow, previous, tail, since, timestamps])
            command.Add(option);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            var name = ObjectNames.FullName(parsed.GetRequiredValue(pod), parsed.GetValue(ns));
            using var client = daemon.Connect(parsed);
            // One that is not known may be terminating, and is answered for by the log itself.
            name = PodNames.Find(shell, client.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse), name)?.Name ?? name;
            var query = new List<string>();
            if (parsed.GetValue(container) is { } asked) query.Add($"container={Uri.EscapeDataString(asked)}");
            if (parsed.GetValue(follow)) query.Add("follow=true");
            if (parsed.GetValue(previous)) query.Add("previous=true");
            if (parsed.GetValue(timestamps)) query.Add("timestamps=true");
            if (parsed.GetValue(tail) is { } lines and >= 0) query.Add($"tailLines={lines}");
            if (parsed.GetValue(since) is { } time) query.Add($"sinceSeconds={Duration.Seconds(time)}");
            using var interruption = new Interruption(shell);
            try
            {
                using var log = client.Open($"{PathOf(name)}?{string.Join('&', query)}", interruption.Token);
                Print(shell, client, log, interruption.Token);
            }
            catch (Exception) when (interruption.Token.IsCancellationRequested)
            {
                // The user interrupted the command.
            }
            return ExitCodes.Yes;
        });
        return command;
    }

    private static string PathOf(string pod)
    {
        var at = pod.IndexOf('/', StringComparison.Ordinal);
        return ApiPaths.PodLog.Replace("{namespace}", Uri.EscapeDataString(pod[..at]), StringComparison.Ordinal)
            .Replace("{name}", Uri.EscapeDataString(pod[(at + 1)..]), StringComparison.Ordinal);
    }

    /// <summary>
    /// As it was written, whatever bytes there are; what a terminal would take for commands is shown as text.
    /// </summary>
    private static void Print(Shell shell, DaemonClient client, Stream log, CancellationToken stop)
    {
        if (shell.OutIsTerminal)
        {
            using var lines = new StreamReader(log);
            while (!shell.ReaderIsGone && client.Guard(() => lines.ReadLineAsync(stop).AsTask(), stop) is { } line)
            {
                shell.Out.WriteLine($"{line}");
                shell.Out.Flush();
            }
            return;
        }
        var buffer = new byte[BufferBytes];
        while (!shell.ReaderIsGone
            && client.Guard(() => log.ReadAsync(buffer, stop).AsTask(), stop) is > 0 and var read)
        {
            shell.Data.Write(buffer, 0, read);
            shell.Data.Flush();
        }
    }
}
