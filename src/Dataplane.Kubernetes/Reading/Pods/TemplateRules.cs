using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Pods;

/// <summary>
/// What the API server asks of the pods of a template and not of others: those of a Job end, others stay.
/// </summary>
internal static class TemplateRules
{
    private const string Deadline = "activeDeadlineSeconds", Restart = "restartPolicy";

    /// <summary>Whether the pods are to end some time.</summary>
    public static bool AreToEnd(ObjectKind kind) => kind == ObjectKinds.Job || kind == ObjectKinds.CronJob;

    /// <param name="kind">The kind that makes the pods.</param>
    /// <param name="spec">The PodSpec of its template.</param>
    public static void Check(ObjectKind kind, MappingReader spec)
    {
        var ends = AreToEnd(kind);
        var policy = spec.Filled(Restart);
        // Another word was reported already.
        var word = policy is { Node: YamlScalar { Kind: ScalarKind.String } scalar } ? scalar.Value : null;
        if (ends && word is "Always")
        {
            policy!.Value.Error(Codes.NotOneOf, $"{Quote.Of(word)} is not one of OnFailure, Never",
                $"the pods of a {kind.Name} end", "the API server refuses the object",
                "write `OnFailure`, or `Never` for a new pod after each failure",
                policy.Value.Replaced("OnFailure"));
        }
        else if (!ends && word is ("OnFailure" or "Never"))
        {
            policy!.Value.Error(Codes.NotOneOf, $"{Quote.Of(word)} is not one of Always",
                $"the pods of a {kind.Name} stay", "the API server refuses the object", "write `Always`",
                policy.Value.Replaced("Always"));
        }
        if (!ends && spec.Field(Deadline) is not null)
        {
            spec.Key(Deadline).Error(Codes.InvalidValue, $"{spec.Self.Path.Field(Deadline)} is not for a {kind.Name}",
                "its pods stay", "the API server refuses the object", "remove the line",
                FieldMoves.Without(spec, Deadline));
        }
    }
}
