using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dataplane.Integration.KubernetesServing;

namespace Dataplane.Integration.KubernetesJudging;

/// <summary>An API server that is asked: kube-apiserver, or a daemon.</summary>
/// <param name="kubectl">Its path.</param>
/// <param name="kubeconfig">The file.</param>
/// <param name="home">A directory for what kubectl keeps.</param>
internal sealed class JudgedServer(
    string kubectl, ApiClient client, TestNetns netns, string kubeconfig, string home)
{
    private static readonly string[] Remembered = ["resourceVersion", "uid", "continue"];

    private readonly Dictionary<string, string> _said = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The answers to calls in their order.</summary>
    public async Task<IReadOnlyList<JsonObject>> Answers(IReadOnlyList<Call> calls)
    {
        var answers = new List<JsonObject>();
        foreach (var call in calls)
        {
            var filled = call.With(_said);
            try
            {
                answers.Add(filled.Method == "kubectl" ? Kubectl(filled) : await Request(filled));
            }
            catch (HttpRequestException e)
            {
                throw new InvalidOperationException($"{call.Name} is not answered", e);
            }
        }
        return answers;
    }

    private async Task<JsonObject> Request(Call call)
    {
        var isWatch = call.Method == "WATCH";
        using var request = new HttpRequestMessage(isWatch ? HttpMethod.Get : new HttpMethod(call.Method), call.Target);
        if (call.Type.Length > 0)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(call.Body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(call.Type);
        }
        request.Headers.TryAddWithoutValidation("Accept", call.Accept ?? "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "judge/1.0");
        using var answer = await client.Http.SendAsync(request, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        var body = isWatch && answer.IsSuccessStatusCode
            ? new JsonArray([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parsed)])
            : Parsed(text);
        if (body is JsonObject { } obj && obj["metadata"] is JsonObject metadata) Remember(metadata);
        return new JsonObject
        {
            ["code"] = (int)answer.StatusCode, ["type"] = answer.Content.Headers.ContentType?.MediaType,
            ["body"] = body,
        };
    }

    private void Remember(JsonObject metadata)
    {
        foreach (var field in Remembered)
        {
            if ((string?)metadata[field] is { Length: > 0 } text)
                _said[field == "resourceVersion" ? "rv" : field] = text;
        }
    }

    private JsonObject Kubectl(Call call)
    {
        var start = InNetns.Start(netns.Name, [kubectl, "--cache-dir", home, .. Words(call.Target)]);
        start.Environment["KUBECONFIG"] = kubeconfig;
        start.Environment["HOME"] = home;
        var result = Tool.Run(start, call.Body);
        return new JsonObject
        {
            ["exit"] = result.ExitCode, ["stdout"] = Parsed(result.Output), ["stderr"] = Parsed(result.Error),
        };
    }

    /// <summary>Arguments between blanks, or in single quotes.</summary>
    private static IEnumerable<string> Words(string line) => line.Split('\'').SelectMany((part, i) =>
        i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static JsonNode? Parsed(string text)
    {
        try
        {
            return text.StartsWith('{') ? JsonNode.Parse(text) : JsonValue.Create(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
