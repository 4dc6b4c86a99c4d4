namespace Dataplane.Cli.Options;

/// <summary>
/// Words that users of kubectl and of similar programs type and that this program does not have, with what to do
/// instead.
/// </summary>
internal static class OtherWords
{
    public const string Help = "help";

    public const string HelpRemedy = "help is an option: dataplane --help, or dataplane COMMAND --help";

    private const string Edit = "change the manifest and apply it again: dataplane apply -f FILE";
    private const string OneNode = "there is one node and no scheduler; pods come from manifests: "
        + "dataplane apply -f FILE";
    private const string Program = "a pod runs no program of its own; start one in its network: "
        + "sudo dataplane exec POD -- CMD";

    /// <summary>Commands of kubectl, each with the remedy.</summary>
    public static readonly IReadOnlyDictionary<string, string> Commands = new Dictionary<string, string>
    {
        ["create"] = "write the object as a manifest, then: dataplane apply -f FILE",
        ["run"] = "write the pod as a manifest, then: dataplane apply -f FILE; "
            + "a program in its network: sudo dataplane exec POD -- CMD",
        ["expose"] = "write the Service as a manifest; pods answer at their own addresses: dataplane get pods -A",
        ["set"] = Edit,
        ["edit"] = Edit,
        ["patch"] = Edit,
        ["replace"] = Edit,
        ["label"] = $"labels are in the manifest, below metadata; {Edit}",
        ["annotate"] = $"annotations are in the manifest, below metadata; {Edit}",
        ["scale"] = $"the number is spec.replicas of the manifest; {Edit}",
        ["autoscale"] = $"the number is spec.replicas of the manifest; {Edit}",
        ["rollout"] = "a change is enforced at once and completely: dataplane status",
        ["wait"] = "dataplane apply -f FILE --wait answers when a packet has proved the change",
        ["attach"] = Program,
        ["debug"] = Program,
        ["cp"] = "files of a pod are this machine's files: use cp",
        ["port-forward"] = $"{Program}, such as curl; it reaches what the pod may reach",
        ["proxy"] = "there is no API server; the daemon answers on a socket: --socket PATH",
        ["config"] = "there are no contexts: --socket PATH or DATAPLANE_SOCKET names the daemon",
        ["cluster-info"] = "dataplane status says how the daemon is, dataplane topology what it has made",
        ["version"] = "dataplane --version; of the daemon: dataplane status",
        ["explain"] = "dataplane validate FILE names every field that is wrong and the nearest right one; "
            + "of a flow: dataplane why SRC DST",
        ["api-resources"] = "dataplane get --help lists the kinds",
        ["api-versions"] = "dataplane get --help lists the kinds",
        ["kustomize"] = "kustomize build DIR | dataplane apply -f -",
        ["events"] = "dataplane flows prints connections as they come, dataplane status the last repairs",
        ["top"] = "a pod runs no program of its own; dataplane status says how the node is",
        ["auth"] = "root may do everything; groups are set with --admin-group and --read-group: "
            + "dataplane daemon --help",
        ["certificate"] = "there are no certificates: the daemon answers on a socket of this machine alone",
        ["plugin"] = "there are no plugins",
        ["cordon"] = OneNode,
        ["uncordon"] = OneNode,
        ["drain"] = OneNode,
        ["taint"] = OneNode,
    };

    /// <summary>Names that other programs have for a command of this one.</summary>
    public static readonly IReadOnlyDictionary<string, string> Synonyms = new Dictionary<string, string>
    {
        ["lint"] = "validate",
        ["check"] = "validate",
        ["vet"] = "validate",
        ["ls"] = "get",
        ["list"] = "get",
        ["rm"] = "delete",
        ["remove"] = "delete",
        ["show"] = "describe",
        ["inspect"] = "describe",
        ["plan"] = "diff",
        ["start"] = "daemon",
        ["serve"] = "daemon",
        ["tcpdump"] = "capture",
        ["ping"] = "trace",
        ["graph"] = "topology",
        ["prove"] = "verify",
    };

    private const string NoWatch = "get does not watch; use: watch dataplane get pods, or dataplane flows -f";
    private const string Below = "a directory is always read with all below it";
    private const string Build = "build it first: kustomize build DIR | dataplane apply -f -";
    private const string Immediate = "a deletion is immediate and complete without it";

    /// <summary>The remedy for an option of kubectl; null for any other word.</summary>
    public static string? Option(string command, string word) => (command, word.Split('=')[0]) switch
    {
        ("get", "-w" or "--watch" or "--watch-only") => NoWatch,
        ("get" or "delete", "--field-selector") => "labels select objects: -l K=V",
        ("get", "--sort-by") => "objects are sorted by name; use sort for another order",
        ("delete", "--force" or "--now" or "--grace-period" or "--cascade") => Immediate,
        ("apply", "--force" or "--server-side" or "--force-conflicts") => "apply replaces the whole object without it",
        ("exec", "-c" or "--container") => "a pod has no containers: its network is one namespace",
        (_, "-R" or "--recursive") => Below,
        (_, "-k" or "--kustomize") => Build,
        (_, "--context" or "--kubeconfig" or "--cluster") => Commands["config"],
        _ => null,
    };

    /// <summary>Kinds that kubectl lists and this program skips: the plural, then its other names.</summary>
    private static readonly string[][] SkippedKinds =
    [
        ["ingresses", "ingress", "ing"],
        ["configmaps", "configmap", "cm"],
        ["secrets", "secret"],
        ["serviceaccounts", "serviceaccount", "sa"],
        ["persistentvolumeclaims", "persistentvolumeclaim", "pvc"],
        ["persistentvolumes", "persistentvolume", "pv"],
        ["horizontalpodautoscalers", "horizontalpodautoscaler", "hpa"],
        ["poddisruptionbudgets", "poddisruptionbudget", "pdb"],
        ["customresourcedefinitions", "customresourcedefinition", "crd", "crds"],
        ["roles", "role"],
        ["resourcequotas", "resourcequota", "quota"],
        ["limitranges", "limitrange", "limits"],
    ];

    /// <summary>The plural of a kind that is skipped; null for any other word.</summary>
    public static string? SkippedKind(string word) =>
        Array.Find(SkippedKinds, k => k.Contains(word, StringComparer.OrdinalIgnoreCase))?[0];
}
