using System.Text.Json.Nodes;

namespace Dataplane.Integration.KubernetesJudging;

/// <summary>A field of two answers to one call.</summary>
/// <param name="Field">Such as <c>body.spec.replicas</c>; of the HTTP status with both values.</param>
/// <param name="Theirs">Of kube-apiserver; empty: it is not there.</param>
internal sealed record Difference(string Call, string Field, string Theirs, string Ours)
{
    private const int Shown = 160;

    public static IReadOnlyList<Difference> Between(string call, JsonObject theirs, JsonObject ours)
    {
        var found = new List<Difference>();
        Compare("", theirs, ours);
        return found;

        void Compare(string path, JsonNode? a, JsonNode? b)
        {
            if (JsonNode.DeepEquals(a, b)) return;
            switch (a, b)
            {
                case (JsonObject one, JsonObject other):
                    foreach (var key in one.Select(p => p.Key).Union(other.Select(p => p.Key)))
                        Compare(path.Length == 0 ? key : $"{path}.{key}", one[key], other[key]);
                    break;
                case (JsonArray one, JsonArray other) when one.Count == other.Count:
                    foreach (var i in Enumerable.Range(0, one.Count)) Compare($"{path}[{i}]", one[i], other[i]);
                    break;
                default:
                    var (was, now) = (Text(a), Text(b));
                    found.Add(new Difference(call, path is "code" or "exit" ? $"{path}:{was}:{now}" : path, was, now));
                    break;
            }
        }
    }

    public override string ToString() => $"{Call} {Field}\n    kube-apiserver: {Theirs}\n    dataplane:      {Ours}";

    private static string Text(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "";
        return text.Length > Shown ? text[..Shown] + "..." : text;
    }
}
