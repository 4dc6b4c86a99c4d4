using System.Globalization;
using System.Text.Json.Nodes;

namespace Dataplane.Integration.KubernetesServing;

/// <summary>
/// What an API server was asked to write, and what it answered: an object is as its last answer said, or as something
/// asked for later, which was not answered.
/// </summary>
internal sealed class Ledger
{
    /// <summary>The annotation that says which writing an object is of.</summary>
    public const string Annotation = "example.com/version";

    /// <summary>By names like <c>pod/a</c>.</summary>
    private readonly Dictionary<string, HashSet<string?>> _possible = [];
    private int _version;

    public int Answers { get; private set; }

    public int Unanswered { get; private set; }

    public string NextVersion() => (++_version).ToString(CultureInfo.InvariantCulture);

    /// <param name="version">Null: the object is deleted.</param>
    public void Asked(string name, string? version)
    {
        if (!_possible.TryGetValue(name, out var possible)) _possible[name] = possible = [null];
        possible.Add(version);
    }

    /// <summary>The one that was asked for was answered, or not.</summary>
    public void Heard(string name, string? version, bool isAnswered)
    {
        if (!isAnswered)
        {
            Unanswered++;
            return;
        }
        Answers++;
        _possible[name] = [version];
    }

    /// <summary>Fails where an answer has been lost.</summary>
    /// <param name="found">By name, of what there is.</param>
    public void Check(IReadOnlyDictionary<string, JsonNode> found, string when)
    {
        foreach (var (name, possible) in _possible)
        {
            var version = found.TryGetValue(name, out var obj)
                ? (string?)obj["metadata"]!["annotations"]?[Annotation]
                : null;
            Assert.True(possible.Contains(version), $"{when}: {name} is of {version ?? "nothing"}, but was answered "
                + string.Join(" or ", possible.Select(p => p ?? "nothing")));
            // From now on it is this one, and no other.
            possible.Clear();
            possible.Add(version);
        }
    }
}
