namespace Dataplane.Kubernetes.Objects;

/// <summary>
/// Labels that the controllers of Kubernetes put on the pods that they make, beside those of the template. They name
/// one pod, one run or one revision.
/// </summary>
public static class ControllerLabels
{
    /// <summary>
    /// Stands for a value that only the controller knows. A label cannot have this value, so no selector can name it:
    /// <c>Exists</c> and <c>NotIn</c> hold, <c>In</c> and <c>DoesNotExist</c> do not.
    /// </summary>
    public const string Unknown = "(generated)";

    internal const string TemplateHash = "pod-template-hash", RevisionHash = "controller-revision-hash";
    internal const string TemplateGeneration = "pod-template-generation";
    internal const string PodIndex = "apps.kubernetes.io/pod-index";
    internal const string StatefulSetPodName = "statefulset.kubernetes.io/pod-name";
    internal const string RolloutHash = "rollouts-pod-template-hash";
    internal const string DeploymentConfig = "deploymentconfig", DeploymentOfConfig = "deployment";
    internal const string CompletionIndex = "batch.kubernetes.io/job-completion-index";

    internal static readonly string[] JobName = ["batch.kubernetes.io/job-name", "job-name"];
    internal static readonly string[] JobUid = ["batch.kubernetes.io/controller-uid", "controller-uid"];

    private static readonly HashSet<string> Keys =
    [
        TemplateHash, RevisionHash, TemplateGeneration, PodIndex, StatefulSetPodName, CompletionIndex, RolloutHash,
        DeploymentConfig, .. JobName, .. JobUid,
    ];

    /// <summary>Whether a controller gives the label, so that it is no label to select pods by in a manifest.</summary>
    public static bool Has(string key) => Keys.Contains(key);
}

/// <summary>What a controller adds to the labels of a template.</summary>
/// <param name="Same">For all pods alike.</param>
/// <param name="OfNumber">Labels with the number of the pod.</param>
/// <param name="OfName">Labels with the name of the pod.</param>
internal sealed record AddedLabels(
    IReadOnlyList<KeyValuePair<string, string>> Same, IReadOnlyList<string> OfNumber, IReadOnlyList<string> OfName)
{
    public static readonly AddedLabels None = new([], [], []);

    /// <summary>
    /// Each pod has a number of its own, and its name as that of its host: of a StatefulSet and an Indexed Job.
    /// </summary>
    public bool IsNumbered => OfNumber.Count > 0;

    /// <summary>The labels of a pod: what the controller gives wins over the template.</summary>
    public IReadOnlyDictionary<string, string> To(IReadOnlyDictionary<string, string> template, string name, int number)
        => this == None ? template : LabelMap.Of(
        [
            .. template, .. Same, .. OfNumber.Select(key => KeyValuePair.Create(key, $"{number}")),
            .. OfName.Select(key => KeyValuePair.Create(key, name)),
        ]);
}
