namespace Dataplane.Kubernetes.Validation;

/// <summary>
/// The rules of k8s.io/apimachinery/pkg/util/validation. Each returns null for a valid text, or a few words that say
/// what is wrong.
/// </summary>
public static class Names
{
    private const int MaxSubdomain = 253;
    private const int MaxLabel = 63;
    private const int MaxPortName = 15;

    /// <summary>RFC 1123 subdomain, at most 253 characters: pod and policy names, label key prefixes.</summary>
    public static string? Subdomain(string name)
    {
        if (name.Length > MaxSubdomain)
        {
            return $"longer than {MaxSubdomain} characters";
        }
        if (HasBad(name, c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
        {
            return "only a-z, 0-9, `-` and `.`";
        }
        return name.Split('.').All(part => part.Length > 0 && part[0] != '-' && part[^1] != '-')
            ? null : "every part must start and end with a letter or digit";
    }

    /// <summary>
    /// A subdomain whose parts may begin with <c>_</c> and have more of them inside: what a resolver looks in.
    /// </summary>
    public static string? SearchDomain(string name) => Subdomain(string.Join('.',
        name.Split('.').Select(part => (part.StartsWith('_') ? part[1..] : part).Replace('_', '-'))));

    /// <summary>RFC 1123 label, at most 63 characters: namespace and container names.</summary>
    public static string? Label(string name)
    {
        if (name.Length > MaxLabel)
        {
            return $"longer than {MaxLabel} characters";
        }
        if (HasBad(name, c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            return "only a-z, 0-9 and `-`";
        }
        return name.Length > 0 && name[0] != '-'
            && name[^1] != '-' ? null : "must start and end with a letter or digit";
    }

    /// <summary>RFC 1035 label, at most 63 characters: names of Services, which stand in DNS.</summary>
    public static string? ServiceName(string name) => Label(name)
        ?? (char.IsAsciiLetterLower(name[0]) ? null : "must start with a letter");

    /// <summary>
    /// Label and annotation keys: an optional subdomain and <c>/</c>, then a name of at most 63 characters.
    /// </summary>
    public static string? QualifiedName(string key)
    {
        var slash = key.IndexOf('/');
        if (slash >= 0 && Subdomain(key[..slash]) is { } wrong)
        {
            return $"the prefix before `/`: {wrong}";
        }
        var name = key[(slash + 1)..];
        return name.Length == 0 ? "the name is empty" : Word(name);
    }

    /// <summary>Label values: empty, or at most 63 characters like the name part of a key.</summary>
    public static string? LabelValue(string value) => value.Length == 0 ? null : Word(value);

    /// <summary>IANA_SVC_NAME (RFC 6335), at most 15 characters: names of container ports.</summary>
    public static string? PortName(string name)
    {
        if (name.Length is 0 or > MaxPortName)
        {
            return $"must have 1 to {MaxPortName} characters";
        }
        if (HasBad(name, c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            return "only a-z, 0-9 and `-`";
        }
        if (!name.Any(char.IsAsciiLetterLower))
        {
            return "a port name needs at least one letter";
        }
        return name[0] == '-' || name[^1] == '-' || name.Contains("--", StringComparison.Ordinal)
            ? "no `-` at the start, at the end, or twice in a row" : null;
    }

    /// <summary>Printable ASCII but <c>=</c>: names of environment variables.</summary>
    public static string? EnvironmentName(string name) => name.Length == 0 ? "it is empty"
        : HasBad(name, c => c is >= ' ' and <= '~' and not '=') ? "only printable ASCII characters, without `=`"
        : null;

    /// <summary>Names of HTTP headers: letters, digits and <c>-</c>.</summary>
    public static string? HeaderName(string name) => name.Length == 0 ? "it is empty"
        : HasBad(name, c => char.IsAsciiLetterOrDigit(c) || c == '-') ? "only letters, digits and `-`" : null;

    /// <summary>
    /// The nearest valid name for the usual mistakes (capitals, underscores, spaces); null where there is none.
    /// </summary>
    public static string? Corrected(string name, Func<string, string?> rule)
    {
        var corrected =
            new string([.. name.Select(c => c is '_' or ' ' or '/' or ':' ? '-' : char.ToLowerInvariant(c))])
            .Trim('-', '.');
        return corrected != name && rule(corrected) is null ? corrected : null;
    }

    private static string? Word(string text)
    {
        if (text.Length > MaxLabel)
        {
            return $"longer than {MaxLabel} characters";
        }
        if (HasBad(text, c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            return "only letters, digits, `-`, `_` and `.`";
        }
        return char.IsAsciiLetterOrDigit(text[0])
            && char.IsAsciiLetterOrDigit(text[^1]) ? null : "must start and end with a letter or digit";
    }

    private static bool HasBad(string text, Func<char, bool> good)
    {
        foreach (var c in text)
        {
            if (!good(c))
            {
                return true;
            }
        }
        return false;
    }
}
