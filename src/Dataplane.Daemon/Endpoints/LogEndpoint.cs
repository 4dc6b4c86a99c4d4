using Dataplane.Api;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.Programs;
using Dataplane.Runtime.Logs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>
/// The log of a container, as it wrote it: with <c>follow</c> until its run ends. Parameters as those of the API
/// server: container, previous, timestamps, tailLines, sinceSeconds.
/// </summary>
internal static class LogEndpoint
{
    /// <summary>Maximum number of followers.</summary>
    private const int MaxFollowers = 32;

    /// <summary>Between two looks at a log that is followed, milliseconds.</summary>
    private const int Pause = 100;

    private const int MaxSinceSeconds = int.MaxValue;

    private static readonly Streaming Followers = new(MaxFollowers, "clients follow logs already");

    public static void MapLog(this IEndpointRouteBuilder routes, DaemonContext context) =>
        routes.MapGet(ApiPaths.PodLog, (RequestDelegate)(http => Answer(http, context)));

    private static async Task Answer(HttpContext http, DaemonContext context)
    {
        var query = new Query(http, "container", "follow", "previous", "timestamps", "tailLines", "sinceSeconds");
        var (ns, name) = ((string)http.Request.RouteValues["namespace"]!, (string)http.Request.RouteValues["name"]!);
        var programs = context.Programs ?? throw Problems.NoLog(
            $"pod {ns}/{name} has no log: nothing runs in pods; the daemon runs with --runtime none");
        var previous = query.Flag("previous");
        var chosen = ChosenContainer.Of(
            context.Reconciler.Current, programs.Pods, $"{ns}/{name}", query.Text("container"));
        var path = programs.Files.LogOf(ns, name, chosen.Name, previous);
        if (previous && !File.Exists(path) && !File.Exists(LogFile.OlderOf(path)))
            throw Problems.NoLog($"previous terminated container \"{chosen.Name}\" in pod \"{name}\" not found");
        if (!previous) chosen.RequireStarted();
        var selection = new LogSelection(query.Flag("timestamps"),
            query.Number("tailLines", 0, int.MaxValue, int.MaxValue),
            query.Number("sinceSeconds", 1, MaxSinceSeconds, 0));
        http.Response.ContentType = "text/plain; charset=utf-8";
        if (!query.Flag("follow") || previous)
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
        while (true)
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
        }
    }
}
