namespace Dataplane.Cni.Protocol;

/// <summary>Whose container it is, as CNI_ARGS says. Null: not said.</summary>
internal sealed record PodArguments(string? Namespace, string? Name)
{
    /// <summary>Names of pods and their namespaces, RFC 1123.</summary>
    private const int MaxName = 253;

    /// <summary>
    /// Both are a cluster's: whoever asks knows the pod, and gives it one container's network at a time.
    /// </summary>
    public bool IsPod => Namespace is not null && Name is not null;

    /// <param name="text"><c>KEY=VALUE;KEY=VALUE</c>.</param>
    /// <exception cref="CniException">It is something else, or has keys that are not known.</exception>
    public static PodArguments Of(string text)
    {
        var values = new Dictionary<string, string>();
        foreach (var pair in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split('=', 2) is not [var key, var value])
                throw new CniException(ErrorCode.InvalidEnvironment, $"CNI_ARGS: {pair} is not KEY=VALUE");
            values[key] = value;
        }
        var ignoresUnknown = values.GetValueOrDefault("IgnoreUnknown") is "1" or "true" or "True" or "TRUE";
        var unknown = values.Keys.FirstOrDefault(
            k => k != "IgnoreUnknown" && !k.StartsWith("K8S_POD_", StringComparison.Ordinal));
        if (unknown is not null && !ignoresUnknown)
        {
            throw new CniException(ErrorCode.InvalidEnvironment,
                $"CNI_ARGS: {unknown} is not known; there are K8S_POD_NAMESPACE, K8S_POD_NAME, and IgnoreUnknown=1");
        }
        return new PodArguments(Filled("K8S_POD_NAMESPACE"), Filled("K8S_POD_NAME"));

        string? Filled(string key) => values.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;
    }

    /// <summary>The name of the pod: a cluster's as it is, any other one made to fit.</summary>
    public string NameFor(string container) => IsPod ? Name! : Fitting(Name ?? container);

    private static string Fitting(string name)
    {
        var fitting = string.Concat(name.ToLowerInvariant().Select(
            c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' ? c : '-'));
        return fitting[..Math.Min(fitting.Length, MaxName)].Trim('-', '.') is { Length: > 0 } left ? left : "container";
    }
}
