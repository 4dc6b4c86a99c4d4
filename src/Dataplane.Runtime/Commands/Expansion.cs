using System.Text;

namespace Dataplane.Runtime.Commands;

/// <summary>
/// References to variables in the command, the arguments and the environment of a container, as Kubernetes expands them
/// (k8s.io/kubernetes/third_party/forked/golang/expansion): <c>$(NAME)</c> is the value of the variable, or stays as it
/// is where there is none; <c>$$</c> is <c>$</c>. What a value holds is not expanded again.
/// </summary>
public static class Expansion
{
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables)
    {
        if (!text.Contains('$', StringComparison.Ordinal)) return text;
        var result = new StringBuilder(text.Length);
        var done = 0;
        while (text.IndexOf('$', done) is var dollar and >= 0 && dollar + 1 < text.Length)
        {
            result.Append(text, done, dollar - done);
            var next = text[dollar + 1];
            var end = next == '(' ? text.IndexOf(')', dollar + 2) : -1;
            if (end >= 0)
            {
                var name = text[(dollar + 2)..end];
                result.Append(variables.TryGetValue(name, out var value) ? value : text[dollar..(end + 1)]);
                done = end + 1;
                continue;
            }
            // Two dollars are one; anything else stands for itself.
            result.Append(next == '$' ? "$" : text.AsSpan(dollar, 2));
            done = dollar + 2;
        }
        return result.Append(text, done, text.Length - done).ToString();
    }
}
