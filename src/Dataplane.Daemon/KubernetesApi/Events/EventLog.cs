using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.Control.State;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Views;

namespace Dataplane.Daemon.KubernetesApi.Events;

/// <summary>What is to be told about an object.</summary>
/// <param name="Kind">Of the object.</param>
/// <param name="Reason">One word for programs, such as <c>Started</c>.</param>
internal readonly record struct Told(
    ApiResource Kind, string Namespace, string Name, bool IsWarning, string Reason, string Message);

/// <summary>
/// core/v1 Events of what the node did and refused. The same one again is counted. They last an hour, and the oldest go
/// when there are too many; a start of the daemon begins anew. Any thread tells; one shows.
/// </summary>
internal sealed class EventLog(ServedObjects served, Sightings sightings, string node)
{
    private const int Most = 1000;
    private static readonly TimeSpan Lasts = TimeSpan.FromHours(1);

    private static readonly ApiResource[] Shown =
        [.. ApiResources.BuiltIn.Where(r => r.Kind.Name == "Event")];

    private sealed record Entry(Told Told, string Name, DateTimeOffset First, DateTimeOffset Last, int Count);

    private readonly ConcurrentQueue<Told> _news = [];
    private readonly Dictionary<Told, Entry> _entries = [];
    private long _number = DateTimeOffset.UnixEpoch.Ticks;

    public void Tell(Told told)
    {
        // A flood is cut: what is told is for people.
        if (_news.Count < Most) _news.Enqueue(told);
    }

    /// <summary>Shows what was told, as part of a round.</summary>
    public void Shape()
    {
        var now = ObjectRecord.Now();
        while (_news.TryDequeue(out var told))
        {
            _entries[told] = _entries.TryGetValue(told, out var before)
                ? before with { Last = now, Count = before.Count + 1 }
                : new Entry(told, NameOf(told), now, now, 1);
        }
        foreach (var late in _entries.Values.OrderByDescending(e => e.Last).Skip(Most)
            .Concat(_entries.Values.Where(e => now - e.Last > Lasts)).ToList())
        {
            _entries.Remove(late.Told);
        }
        foreach (var entry in _entries.Values)
        {
            var ns = NamespaceOf(entry.Told);
            foreach (var resource in Shown)
            {
                if (sightings.IsNews(resource.Path, $"{ns}/{entry.Name}", entry))
                    served.Put(resource, ns, entry.Name, View(resource, ns, entry), null, null);
            }
        }
    }

    /// <summary>Events about what stands outside of namespaces are in this one, as in a cluster.</summary>
    private static string NamespaceOf(Told told) => told.Namespace.Length > 0 ? told.Namespace : "default";

    private string NameOf(Told told) =>
        $"{told.Name}.{(++_number + Environment.TickCount64).ToString("x", CultureInfo.InvariantCulture)}";

    private JsonObject View(ApiResource resource, string ns, Entry entry)
    {
        var told = entry.Told;
        var view = ObjectView.Bare(resource, entry.Name);
        var metadata = view.Child("metadata");
        metadata["namespace"] = ns;
        metadata["uid"] = $"{ObjectRecord.Derived(ns, entry.Name)}";
        metadata["creationTimestamp"] = JsonParts.Time(entry.First);
        var about = new JsonObject
        {
            ["kind"] = told.Kind.Kind.Name, ["apiVersion"] = told.Kind.Kind.ApiVersion, ["name"] = told.Name,
        };
        if (told.Namespace.Length > 0) about["namespace"] = told.Namespace;
        if (served.Find(told.Kind.Path, ServedObject.FullNameOf(told.Namespace, told.Name)) is { } obj)
            about["uid"] = obj.Parse().Child("metadata").Text("uid");
        var isCore = resource.Kind.Group.Length == 0;
        view[isCore ? "involvedObject" : "regarding"] = about;
        view["type"] = told.IsWarning ? "Warning" : "Normal";
        view["reason"] = told.Reason;
        view[isCore ? "message" : "note"] = told.Message;
        view[isCore ? "source" : "deprecatedSource"] = new JsonObject { ["component"] = "dataplane", ["host"] = node };
        view[isCore ? "firstTimestamp" : "deprecatedFirstTimestamp"] = JsonParts.Time(entry.First);
        view[isCore ? "lastTimestamp" : "deprecatedLastTimestamp"] = JsonParts.Time(entry.Last);
        view[isCore ? "count" : "deprecatedCount"] = entry.Count;
        view["eventTime"] = null;
        view["reportingComponent"] = "dataplane";
        view["reportingInstance"] = node;
        return view;
    }
}
