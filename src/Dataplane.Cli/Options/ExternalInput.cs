using Dataplane.Cli.Terminal;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Cli.Options;

/// <summary>Parses <c>--external</c>: addresses outside the pod network, and pods that are not loaded.</summary>
internal static class ExternalInput
{
    /// <exception cref="CommandFailure">The text is not an address, or the address belongs to a pod or to the
    /// node.</exception>
    public static IReadOnlyList<ExternalEndpoint> Resolve(Cluster cluster, IEnumerable<string>? texts) =>
        [.. (texts ?? []).Select(text => Resolve(cluster, text)).Distinct()];

    /// <summary>
    /// The addresses among the texts; the pods that exist only in the question join the cluster of the names.
    /// </summary>
    /// <exception cref="CommandFailure">As the other; or the text of a pod is wrong.</exception>
    public static IReadOnlyList<ExternalEndpoint> Resolve(QuestionNames names, IEnumerable<string>? texts)
    {
        var (cluster, addresses) = (names.Cluster, new List<string>());
        foreach (var text in texts ?? [])
        {
            if (!AssumedPods.IsWritten(text)) addresses.Add(text);
            else if (names.Find(text).Error is { } error)
                throw new CommandFailure(ExitCodes.Usage, $"--external {error}");
        }
        return Resolve(cluster, addresses);
    }

    private static ExternalEndpoint Resolve(Cluster cluster, string text)
    {
        if (AssumedPods.IsWritten(text)) throw Failure(text, "no packet can be sent from a pod that is not there");
        if (!EndpointNames.TryParseAddress(text, out _))
            throw Failure(text, "no IP address; write it like 172.17.5.9 or 2001:db8::1");
        return EndpointNames.Resolve(cluster, text) switch
        {
            { Endpoint: ExternalEndpoint external } => cluster.IsNobody(external)
                ? throw Failure(text, "an address of the networks of pods and Services, which is not outside")
                : external,
            { Endpoint: { } inside } =>
                throw Failure(
                    text,
                    $"the address of {(inside is NodeEndpoint ? "the node" : $"pod {inside.Name}")}, "
                        + "which is not outside"),
            { Error: var error } => throw Failure(text, error!),
        };
    }

    private static CommandFailure Failure(string text, string why) => new(ExitCodes.Usage, $"--external {text}: {why}");
}
