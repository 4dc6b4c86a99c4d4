using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Options;

/// <summary>A kind of object, by every name that kubectl has for it.</summary>
/// <param name="Name">As in manifests.</param>
/// <param name="Plural">As <c>get</c> takes it, in small letters.</param>
internal sealed record Kind(string Name, string Plural, string? ShortName, bool Namespaced)
{
    public static readonly IReadOnlyList<Kind> All =
    [
        new("Pod", "pods", "po", true), new("Namespace", "namespaces", "ns", false), new("NetworkPolicy", "networkpolicies", "netpol", true),
        new("AdminNetworkPolicy", "adminnetworkpolicies", "anp", false), new("BaselineAdminNetworkPolicy", "baselineadminnetworkpolicies", "banp", false),
        new("ClusterNetworkPolicy", "clusternetworkpolicies", "cnp", false), new("Node", "nodes", "no", false),
        new("Deployment", "deployments", "deploy", true), new("StatefulSet", "statefulsets", "sts", true), new("DaemonSet", "daemonsets", "ds", true),
        new("ReplicaSet", "replicasets", "rs", true), new("ReplicationController", "replicationcontrollers", "rc", true), new("Job", "jobs", null, true), new("CronJob", "cronjobs", "cj", true),
    ];

    /// <summary>What <c>get</c> takes for all kinds.</summary>
    public const string Everything = "all";

    public string Singular => Name.ToLowerInvariant();

    public bool IsPolicy => Name.EndsWith("Policy", StringComparison.Ordinal);

    /// <summary>Every spelling, the short one first.</summary>
    public IEnumerable<string> Spellings => ((string?[])[ShortName, Singular, Plural]).OfType<string>();

    /// <summary>The kind of an answer of the daemon; one that is new to this program is shown as it is.</summary>
    public static Kind Named(string name) =>
        All.FirstOrDefault(k => k.Name == name) ?? new Kind(name, name.ToLowerInvariant() + "s", null, true);

    /// <exception cref="CommandFailure">There is no such kind.</exception>
    public static Kind Parse(string text) =>
        All.FirstOrDefault(k => k.Spellings.Contains(text, StringComparer.OrdinalIgnoreCase)) ?? throw new CommandFailure(ExitCodes.Usage,
            $"no kind \"{text}\"{(Suggest.Nearest(text, All.SelectMany(k => k.Spellings)) is { } near ? $"; did you mean {near}?" : $"; there are {string.Join(", ", All.Select(k => k.Plural))}")}");

    /// <summary><c>po</c>, <c>po,netpol</c> or <c>all</c>.</summary>
    /// <exception cref="CommandFailure">There is no such kind.</exception>
    public static IReadOnlyList<Kind> ParseList(string text) =>
        text == Everything ? All : [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse).Distinct()];
}
