using System.Net;
using System.Text.Json.Nodes;

namespace Dataplane.Integration.KubernetesServing;

/// <summary>
/// A client's copy of all objects of a kind in a namespace, by list and watch, as client libraries keep one.
/// </summary>
internal sealed class Mirror : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ApiClient _client;
    private readonly string _path;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _task;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonNode> _objects = [];
    private string? _version;

    /// <param name="path">Of the collection.</param>
    public Mirror(ApiClient client, string path)
    {
        (_client, _path) = (client, path);
        _task = Task.Run(Follow);
    }

    public int Lists { get; private set; }

    public int Watches { get; private set; }

    /// <summary>Objects by name, without their versions.</summary>
    public SortedDictionary<string, string> Objects()
    {
        lock (_lock) return Sorted(_objects.Values);
    }

    /// <inheritdoc cref="Objects"/>
    public static SortedDictionary<string, string> Sorted(IEnumerable<JsonNode> objects)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var obj in objects)
        {
            var copy = obj.DeepClone();
            copy["metadata"]!.AsObject().Remove("resourceVersion");
            // Items of a list do not say their kind.
            copy.AsObject().Remove("kind");
            copy.AsObject().Remove("apiVersion");
            sorted[Name(copy)] = copy.ToJsonString();
        }
        return sorted;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _task;
        _stop.Dispose();
    }

    private async Task Follow()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (_version is null) await List();
                await Watch();
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // It is away: asked again.
                _stop.Token.WaitHandle.WaitOne(Pause);
            }
        }
    }

    private async Task List()
    {
        var list = JsonNode.Parse(await _client.Http.GetStringAsync(_path, _stop.Token))!;
        lock (_lock)
        {
            _objects.Clear();
            foreach (var item in list["items"]!.AsArray()) _objects[Name(item!)] = item!;
        }
        _version = (string?)list["metadata"]!["resourceVersion"];
        Lists++;
    }

    private async Task Watch()
    {
        using var answer = await _client.Http.GetAsync($"{_path}?watch=true&resourceVersion={_version}",
            HttpCompletionOption.ResponseHeadersRead, _stop.Token);
        if (answer.StatusCode == HttpStatusCode.Gone)
        {
            _version = null;
            return;
        }
        answer.EnsureSuccessStatusCode();
        Watches++;
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(_stop.Token));
        while (await lines.ReadLineAsync(_stop.Token) is { } line)
        {
            var change = JsonNode.Parse(line)!;
            var (type, obj) = ((string?)change["type"], change["object"]!);
            if (type == "ERROR")
            {
                Assert.Equal(410, (int)obj["code"]!);
                _version = null;
                return;
            }
            _version = (string?)obj["metadata"]!["resourceVersion"];
            lock (_lock)
            {
                if (type == "DELETED") _objects.Remove(Name(obj));
                else if (type != "BOOKMARK") _objects[Name(obj)] = obj;
            }
        }
    }

    private static string Name(JsonNode obj) => (string)obj["metadata"]!["name"]!;
}
