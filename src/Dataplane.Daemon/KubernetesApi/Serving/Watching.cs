using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.KubernetesApi.Requests;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Shaping;
using Dataplane.Daemon.KubernetesApi.Views;

namespace Dataplane.Daemon.KubernetesApi.Serving;

/// <summary>
/// Answers watches: one JSON object on each line for each change, until the client goes, its time is over, or it is so
/// slow that changes are lost.
/// </summary>
internal sealed class Watching(ServedState served, TableMaker tables)
{
    private const int MaxWatches = 1024;

    /// <summary>Where a client names none, seconds.</summary>
    private const int DefaultSeconds = 1800, MaxSeconds = 86_400;

    private static readonly TimeSpan Bookmark = TimeSpan.FromSeconds(60);

    private readonly Streaming _watches = new(MaxWatches, "too many watches at once");

    /// <exception cref="StatusException">What the client has seen is too long ago, or a parameter is wrong.</exception>
    public async Task Write(ApiRequest request)
    {
        var (selected, presentation) = (new Selected(request), Presentation.Of(request, tables));
        var current = await served.CurrentAsync(request.Resource, request.Stop);
        var isInitial = request.Text("sendInitialEvents");
        if (isInitial is not null && request.Text("resourceVersionMatch") != "NotOlderThan")
        {
            throw StatusException.BadRequest("resourceVersionMatch: Forbidden: with sendInitialEvents it must be "
                + "\"NotOlderThan\"");
        }
        var version = request.Number("resourceVersion") ?? 0;
        // Without a version, or with 0, what is there comes first.
        var showsAll = isInitial is "true" || (isInitial is null && version == 0);
        var from = showsAll || version == 0 ? current.Version : version;
        var position = served.Objects.History.After(from) ?? throw new StatusException(StatusReason.Expired,
            $"too old resource version: {from} ({current.Version})");
        var seconds = Math.Clamp(request.Number("timeoutSeconds") ?? DefaultSeconds, 1, MaxSeconds);
        request.Http.Response.ContentType = Answer.Json;
        await _watches.Run(request.Http, async stop =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(TimeSpan.FromSeconds(seconds));
            var events = new EventWriter(request, presentation, limit.Token);
            try
            {
                if (showsAll)
                {
                    foreach (var obj in selected.In(current)) await events.Write("ADDED", obj);
                    if (isInitial is "true" && request.Flag("allowWatchBookmarks"))
                        await events.WriteBookmark(current.Version, isInitialEnd: true);
                }
                await events.Flush();
                await Follow(request, selected, events, position, limit.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // Its time is over: the client asks again.
            }
        });
    }

    private async Task Follow(
        ApiRequest request, Selected selected, EventWriter events, long position, CancellationToken stop)
    {
        var changes = new List<ServedChange>();
        while (true)
        {
            changes.Clear();
            if (!served.Objects.History.Read(ref position, changes, out var more))
            {
                await events.WriteError(new StatusException(StatusReason.Expired, "too old resource version"));
                return;
            }
            foreach (var change in changes) await Write(change);
            await events.Flush();
            if (changes.Count > 0) continue;
            if (!request.Flag("allowWatchBookmarks"))
            {
                await more.WaitAsync(stop);
            }
            else if (await Task.WhenAny(more, Task.Delay(Bookmark, stop)) != more)
            {
                stop.ThrowIfCancellationRequested();
                await events.WriteBookmark(served.Objects.Current.Version, isInitialEnd: false);
                await events.Flush();
            }
        }

        Task Write(ServedChange change)
        {
            if (change.Object.Resource.Path != request.Resource.Path) return Task.CompletedTask;
            var (was, now) = (change.Before is { } before && selected.Has(before),
                change.After is { } after && selected.Has(after));
            // An object that is selected no longer goes, as far as this client can see.
            return (was, now) switch
            {
                (false, true) => events.Write("ADDED", change.After!),
                (true, true) => events.Write("MODIFIED", change.After!),
                (true, false) => events.Write("DELETED", change.After ?? change.Before!),
                _ => Task.CompletedTask,
            };
        }
    }

    /// <summary>Writes the events of one watch.</summary>
    private sealed class EventWriter(ApiRequest request, Presentation presentation, CancellationToken stop)
    {
        public async Task Write(string type, ServedObject obj)
        {
            var writer = request.Http.Response.BodyWriter;
            await writer.WriteAsync(Encoding.ASCII.GetBytes($"{{\"type\":\"{type}\",\"object\":"), stop);
            await writer.WriteAsync(presentation.One(obj), stop);
            await writer.WriteAsync("}\n"u8.ToArray(), stop);
        }

        public async Task WriteBookmark(long version, bool isInitialEnd)
        {
            var metadata = new JsonObject
            {
                ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null,
            };
            if (isInitialEnd) metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
            var kind = request.Resource.Kind;
            await Write("BOOKMARK", new JsonObject
            {
                ["kind"] = kind.Name, ["apiVersion"] = kind.ApiVersion, ["metadata"] = metadata,
            });
        }

        public Task WriteError(StatusException error) => Write("ERROR", error.ToStatus());

        public async Task Flush() => await request.Http.Response.BodyWriter.FlushAsync(stop);

        private async Task Write(string type, JsonObject obj) => await request.Http.Response.BodyWriter.WriteAsync(
            (byte[])[.. JsonParts.Bytes(new JsonObject { ["type"] = type, ["object"] = obj }), (byte)'\n'], stop);
    }
}
