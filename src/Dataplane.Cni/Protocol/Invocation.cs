namespace Dataplane.Cni.Protocol;

/// <summary>What the environment says of a request about a container (CNI specification, "Parameters").</summary>
/// <param name="Netns">Null: not given, as DEL allows.</param>
internal sealed record Invocation(string Container, string Interface, string? Netns, PodArguments Pod)
{
    /// <summary>IFNAMSIZ less the final zero, linux/if.h.</summary>
    private const int MaxInterface = 15;

    /// <exception cref="CniException">A variable is missing or wrong.</exception>
    public static Invocation Of(Func<string, string?> variable, bool needsNetns)
    {
        var container = Required("CNI_CONTAINERID");
        if (container.Length > 255 || !char.IsAsciiLetterOrDigit(container[0])
            || !container.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
        {
            throw Invalid("CNI_CONTAINERID", container, "letters, digits, '_', '.', '-', the first a letter or digit");
        }
        var name = Required("CNI_IFNAME");
        if (name.Length > MaxInterface || name is "." or ".."
            || name.Any(c => c is '/' or ':' || char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            throw Invalid("CNI_IFNAME", name, "the name of an interface, at most 15 characters");
        }
        var netns = needsNetns ? Required("CNI_NETNS") : variable("CNI_NETNS") is { Length: > 0 } given ? given : null;
        if (netns is not null && !netns.StartsWith('/')) throw Invalid("CNI_NETNS", netns, "an absolute path");
        return new Invocation(container, name, netns, PodArguments.Of(variable("CNI_ARGS") ?? ""));

        string Required(string what) => variable(what) is { Length: > 0 } value ? value
            : throw new CniException(ErrorCode.InvalidEnvironment, $"{what} is not set");
    }

    /// <summary>The same interface as a message of the API.</summary>
    public Api.ContainerInterface ToMessage() => new(Container, Interface);

    private static CniException Invalid(string variable, string value, string wanted) =>
        new(ErrorCode.InvalidEnvironment, $"{variable}={value}: it must be {wanted}");
}
