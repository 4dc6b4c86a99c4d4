using System.Text.RegularExpressions;

namespace Dataplane.Integration.KubernetesJudging;

/// <summary>One question to an API server: a request, or a line of kubectl.</summary>
/// <param name="Name">By which expectations name it; no other call has it.</param>
/// <param name="Method">An HTTP method, <c>WATCH</c> or <c>kubectl</c>.</param>
/// <param name="Target">The path with its query, or the arguments of kubectl.</param>
/// <param name="Type">Of the body; empty: there is none.</param>
/// <param name="Accept">The header; null: JSON.</param>
/// <param name="Body">Or the standard input of kubectl.</param>
internal sealed partial record Call(
    string Name, string Method, string Target, string Type, string? Accept, string Body)
{
    private const string TypeHeader = "Content-Type: ", AcceptHeader = "Accept: ";

    /// <summary>Methods of the file that are patches: each with its type.</summary>
    private static readonly Dictionary<string, string> Patches = new()
    {
        ["JSON"] = "application/json-patch+json", ["MERGE"] = "application/merge-patch+json",
        ["STRATEGIC"] = "application/strategic-merge-patch+json", ["APPLY"] = "application/apply-patch+yaml",
    };

    /// <summary>The calls of a file: <c>&gt; NAME METHOD TARGET</c>, headers, and the body up to the next
    /// one.</summary>
    /// <exception cref="FormatException">A line is no call, or two calls have the same name.</exception>
    public static IReadOnlyList<Call> Read(string text)
    {
        var calls = new List<Call>();
        foreach (var part in Regex.Split(text, "^> ", RegexOptions.Multiline).Skip(1))
        {
            string[] lines = [.. part.Split('\n').Where(l => !l.StartsWith("# ", StringComparison.Ordinal))];
            if (lines[0].Split(' ', 3) is not [var name, var method, var target])
                throw new FormatException($"'{lines[0]}' is no call: write > NAME METHOD TARGET");
            var headers = lines.Skip(1).TakeWhile(l => l.StartsWith(TypeHeader, StringComparison.Ordinal)
                || l.StartsWith(AcceptHeader, StringComparison.Ordinal)).ToList();
            var body = string.Join('\n', lines.Skip(1 + headers.Count)).TrimEnd('\n');
            var type = Header(headers, TypeHeader) ?? Patches.GetValueOrDefault(method)
                ?? (body.Length == 0 ? "" : body[0] is '{' or '[' ? "application/json" : "application/yaml");
            calls.Add(new Call(name, Patches.ContainsKey(method) ? "PATCH" : method, target, type,
                Header(headers, AcceptHeader), body));
        }
        if (calls.CountBy(c => c.Name).FirstOrDefault(c => c.Value > 1).Key is { } twice)
            throw new FormatException($"two calls have the name {twice}: give each its own");
        return calls;
    }

    /// <summary>With what earlier answers said in the place of <c>{rv}</c>, <c>{uid}</c> and
    /// <c>{continue}</c>.</summary>
    public Call With(IReadOnlyDictionary<string, string> said) => this with
    {
        Target = Fill(Target, said), Body = Fill(Body, said),
    };

    private static string Fill(string text, IReadOnlyDictionary<string, string> said) =>
        Place().Replace(text, m => said.GetValueOrDefault(m.Groups[1].Value, "0"));

    private static string? Header(List<string> headers, string name) =>
        headers.Find(h => h.StartsWith(name, StringComparison.Ordinal))?[name.Length..];

    [GeneratedRegex(@"\{(rv|uid|continue)\}")]
    private static partial Regex Place();
}
