using System.Text.Json;
using Dataplane.Api;
using Dataplane.Control.Reconcile;
using Dataplane.Daemon.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>
/// changes: what the node enforces, one JSON object on each line, at once and with every new snapshot. What comes
/// while a line is written is one line, so a reader that is slow costs nothing.
/// </summary>
internal static class FollowedChangesEndpoint
{
    private const int MaxFollowers = 32;

    private static readonly Streaming Followers = new(MaxFollowers, "clients follow the changes already");

    public static void MapFollowedChanges(this IEndpointRouteBuilder routes, DaemonContext context) =>
        routes.MapGet(ApiPaths.Changes, (RequestDelegate)(http =>
        {
            _ = new Query(http);
            http.Response.ContentType = "application/x-ndjson";
            return Followers.Run(http, stop => Follow(http, context.Reconciler, stop));
        }));

    private static async Task Follow(HttpContext http, Reconciler reconciler, CancellationToken stop)
    {
        var pending = new PendingChanges();
        reconciler.Changed += pending.Add;
        try
        {
            pending.Add(reconciler.Current);
            for (; ; )
            {
                await pending.WaitAsync(stop);
                var line = JsonSerializer.SerializeToUtf8Bytes(pending.Take(), ApiJson.Default.ChangeEntry);
                await http.Response.BodyWriter.WriteAsync((byte[])[.. line, (byte)'\n'], stop);
            }
        }
        finally
        {
            reconciler.Changed -= pending.Add;
        }
    }
}
