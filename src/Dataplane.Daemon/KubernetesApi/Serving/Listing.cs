using System.Globalization;
using System.Text;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Requests;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Shaping;

namespace Dataplane.Daemon.KubernetesApi.Serving;

/// <summary>Answers lists, in pages where the client wants them.</summary>
internal sealed class Listing(ServedState served, TableMaker tables)
{
    /// <summary>Lists that pages are taken from, newest first: a page comes from the same moment as the one
    /// before.</summary>
    private const int KeptLists = 16;

    private readonly Lock _lock = new();
    private readonly LinkedList<ServedList> _kept = new();

    public async Task Write(ApiRequest request)
    {
        var (selected, presentation) = (new Selected(request), Presentation.Of(request, tables));
        var current = await served.CurrentAsync(request.Resource, request.Stop);
        var (list, after) = request.Text("continue") is { } token ? Continued(token) : (current, null);
        var all = selected.In(list);
        // The names of a list are in order: a page begins behind the last one of the page before.
        if (after is not null) all = all.Where(o => string.CompareOrdinal(o.FullName, after) > 0);
        List<ServedObject> objects = [.. all];
        if (request.Number("limit") is not { } limit || limit == 0 || objects.Count <= limit)
        {
            await Answer.Write(request.Http, presentation.List(objects, list.Version, null, null));
            return;
        }
        Keep(list);
        var page = objects.GetRange(0, (int)limit);
        await Answer.Write(request.Http,
            presentation.List(page, list.Version, Token(list.Version, page[^1].FullName), objects.Count - limit));
    }

    private void Keep(ServedList list)
    {
        lock (_lock)
        {
            if (_kept.Any(k => k.Version == list.Version)) return;
            _kept.AddFirst(list);
            if (_kept.Count > KeptLists) _kept.RemoveLast();
        }
    }

    private static string Token(long version, string after) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{version.ToString(CultureInfo.InvariantCulture)} {after}"));

    private (ServedList List, string After) Continued(string token)
    {
        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out var length)
            || Encoding.UTF8.GetString(bytes, 0, length).Split(' ') is not [var version, var after]
            || !long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw StatusException.BadRequest("continue key is not valid: it is none that a list has given");
        }
        lock (_lock)
        {
            return _kept.FirstOrDefault(k => k.Version == number) is { } list ? (list, after)
                : throw new StatusException(StatusReason.Expired, "The provided continue parameter is too old "
                    + "to display a consistent list result. List again without it.");
        }
    }
}
