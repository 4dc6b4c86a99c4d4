using System.Text;
using System.Text.RegularExpressions;

namespace Dataplane.Kubernetes.Loading;

/// <summary>
/// Patterns of paths: <c>*</c> and <c>?</c> stand for characters of one name, <c>**</c> for any directories. A pattern
/// without <c>/</c> is compared with every name of a path, one with <c>/</c> with the path from the directory that is
/// read, and with the path as it was given. What matches takes everything below it along.
/// </summary>
internal sealed class PathPatterns(IReadOnlyList<string> patterns)
{
    private readonly IReadOnlyList<(Regex Pattern, bool IsName)> _patterns =
        [.. patterns.Select(Normal).Where(p => p.Length > 0).Select(p => (Compiled(p), !p.Contains('/')))];

    /// <param name="root">The directory that is read, or the file itself.</param>
    public bool Match(string root, string path)
    {
        if (_patterns.Count == 0)
        {
            return false;
        }
        var below = path.Length > root.Length && path.StartsWith(root, StringComparison.Ordinal)
            ? Normal(path[root.Length..]) : Normal(Path.GetFileName(path));
        return Matches(below) || Matches(Normal(path));
    }

    private bool Matches(string path)
    {
        var names = path.Split('/');
        for (var depth = 1; depth <= names.Length; depth++)
        {
            var above = string.Join('/', names.Take(depth));
            if (_patterns.Any(p => p.Pattern.IsMatch(p.IsName ? names[depth - 1] : above)))
            {
                return true;
            }
        }
        return false;
    }

    private static string Normal(string path)
    {
        var text = path.Trim('/');
        while (text.StartsWith("./", StringComparison.Ordinal))
        {
            text = text[2..];
        }
        return text;
    }

    private static Regex Compiled(string pattern)
    {
        var text = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '*' && i + 1 < pattern.Length && pattern[i + 1] == '*')
            {
                var directories = i + 2 < pattern.Length && pattern[i + 2] == '/';
                text.Append(directories ? "(?:.*/)?" : ".*");
                i += directories ? 2 : 1;
            }
            else
            {
                text.Append(pattern[i] switch
                {
                    '*' => "[^/]*",
                    '?' => "[^/]",
                    var c => Regex.Escape(c.ToString()),
                });
            }
        }
        return new Regex(text.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }
}
