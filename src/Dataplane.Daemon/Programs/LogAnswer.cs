using Dataplane.Control.Reconcile;
using Dataplane.Daemon.Host;
using Dataplane.Runtime.Logs;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.Programs;

/// <summary>Answers with the log of a container, as it wrote it.</summary>
internal static class LogAnswer
{
    /// <summary>Maximum number of followers.</summary>
    private const int MaxFollowers = 32;

    /// <summary>Between two looks at a log that is followed, milliseconds.</summary>
    public const int Pause = 100;

    private static readonly Streaming Followers = new(MaxFollowers, "clients follow logs already");

    /// <param name="programs">Null: nothing runs in pods.</param>
    /// <exception cref="ApiProblem">There is no such log, in the words of the API server.</exception>
    public static async Task Write(HttpContext http, NodeSnapshot snapshot, ProgramRunner? programs, string ns,
        string name, LogRequest asked)
    {
        if (programs is null)
        {
            throw Problems.NoLog(
                $"pod {ns}/{name} has no log: nothing runs in pods; the daemon runs with --runtime none");
        }
        var chosen = ChosenContainer.Of(snapshot, programs.Pods, $"{ns}/{name}", asked.Container);
        var path = programs.Files.LogOf(ns, name, chosen.Name, asked.IsPrevious);
        if (asked.IsPrevious && !File.Exists(path) && !File.Exists(LogFile.OlderOf(path)))
            throw Problems.NoLog($"previous terminated container \"{chosen.Name}\" in pod \"{name}\" not found");
        if (!asked.IsPrevious) chosen.RequireStarted();
        var selection = new LogSelection(asked);
        http.Response.ContentType = "text/plain; charset=utf-8";
        if (!asked.IsFollowed || asked.IsPrevious)
        {
            using var follower = new LogFollower(path);
            await Write(http, selection.Past(path, follower), selection, http.RequestAborted);
            return;
        }
        await Followers.Run(http, stop => Follow(http, path, selection, () => chosen.IsRunning(programs.Pods), stop));
    }

    private static async Task Follow(
        HttpContext http, string path, LogSelection selection, Func<bool> isRunning, CancellationToken stop)
    {
        using var follower = new LogFollower(path);
        await Write(http, selection.Past(path, follower), selection, stop);
        await http.Response.Body.FlushAsync(stop);
        while (!selection.IsOver)
        {
            // Before reading: what was written until then is read.
            var isLast = !isRunning();
            await Write(http, follower.ReadNew(), selection, stop);
            await http.Response.Body.FlushAsync(stop);
            if (isLast) return;
            await Task.Delay(Pause, stop);
        }
    }

    private static async Task Write(
        HttpContext http, IEnumerable<LogLine> lines, LogSelection selection, CancellationToken stop)
    {
        foreach (var line in lines)
        {
            if (selection.Bytes(line) is { } bytes) await http.Response.BodyWriter.WriteAsync(bytes, stop);
            if (selection.IsOver) return;
        }
    }
}
