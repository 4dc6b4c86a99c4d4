using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Foreign;

/// <summary>
/// Objects of kinds without a reader. What decides traffic, or carries an object that does, is refused; what has a
/// plain pod template is read; the rest is left out, with a note.
/// </summary>
/// <param name="top">A mapping with apiVersion and kind.</param>
internal sealed class ForeignObjects(MappingReader top, string apiVersion, string kind, ReadOutcome outcome)
{
    private const string WhyRefused = "without it the answers about traffic would be wrong";

    private readonly string _group = apiVersion.IndexOf('/') is var slash and >= 0 ? apiVersion[..slash] : "";

    private readonly NodeReader _kind = top.Field("kind") ?? top.Self;

    private DiagnosticBag Bag => top.Self.Bag;

    private string? OwnNamespace => Missing.NamespaceOf(top.Self.Node, top.Self.Source);

    /// <param name="rightApiVersion">Of this very kind, where only the apiVersion is wrong; otherwise null.</param>
    public void Read(string? rightApiVersion)
    {
        if (rightApiVersion is not null && ForeignKinds.IsOfKubernetes(_group))
        {
            (top.Field("apiVersion") ?? top.Self)
                .Error(Codes.WrongApiVersion, $"{Quote.Of(apiVersion)} is not the apiVersion of {kind}",
                $"{kind} is {rightApiVersion}", help: $"write `apiVersion: {rightApiVersion}`",
                fix: top.Field("apiVersion")?.Replaced(rightApiVersion));
            outcome.Unseen.Add(Missing.Of(kind, top.Self.Node, top.Self.Source));
            return;
        }
        if (NearMiss() is { } better)
        {
            _kind.Error(Codes.UnknownKind, $"{Quote.Of(kind)} is not a kind of {Quote.Of(apiVersion)}",
                $"did you mean {Quote.Of(better)}?", help: $"write `kind: {better}`",
                fix: top.Field("kind")?.Replaced(better));
            outcome.Unseen.Add(Missing.Of(better, top.Self.Node, top.Self.Source));
            return;
        }
        var foreign = ForeignKinds.Of(_group, kind);
        if (foreign.Role == ForeignRole.Traffic)
        {
            Refuse(foreign.Why);
        }
        else if (NestedObject(foreign.Role) is { } inside)
        {
            RefuseWithout(inside);
        }
        else if (!TryReadPods(foreign.Role))
        {
            LeaveOut(foreign.Role);
        }
    }

    private void Refuse(string why)
    {
        outcome.Unseen.Add(Missing.SomePolicy);
        if (Bag.Ignores(Codes.UnsupportedPolicy))
        {
            LeaveOutAsAsked(why);
            return;
        }
        _kind.Error(Codes.UnsupportedPolicy,
            $"{Quote.Of(kind)} of {Quote.Of(apiVersion)} is not supported yet: refusing to ignore "
            + (why.Contains("policy", StringComparison.Ordinal) ? "a policy" : "what decides traffic"),
            why, WhyRefused,
            "take the object out of what is loaded to look at the rest alone, or leave it out with `--ignore "
            + $"{Codes.UnsupportedPolicy}`");
    }

    private void RefuseWithout(NestedObject inside)
    {
        outcome.Unseen.Add(Missing.Anything);
        if (Bag.Ignores(Codes.NestedObject))
        {
            LeaveOutAsAsked($"with a {inside.Kind} inside");
            return;
        }
        var at = top.Self.Child(inside.Node, top.Self.Path);
        Bag.Add(new Diagnostic(Codes.NestedObject, Severity.Error,
            $"a {inside.Kind} inside {Quote.Of(kind)} of {Quote.Of(apiVersion)} is not read", at.Position, at.Length,
            inside.IsText ? "in this text" : "written here",
            inside.IsPolicy ? WhyRefused : "without its pods and namespaces the answers about traffic would be wrong",
            $"{RenderingHelp.Of(_group, kind, inside, top.Self.File)}; or leave it out with `--ignore "
            + $"{Codes.NestedObject}`")
        {
            Related = new RelatedPlace(_kind.Position, _kind.Length, "inside this object"),
        });
    }

    private void LeaveOutAsAsked(string label)
    {
        outcome.LeftOut.Add(top.Self.Node);
        Bag.Add(new Diagnostic(Codes.SkippedKind, Severity.Note,
            $"{Quote.Of(kind)} of {Quote.Of(apiVersion)} is left out, as asked for", _kind.Position, _kind.Length,
            label)
        {
            IsLeftOut = true,
        });
    }

    /// <summary>
    /// The object inside that this one is refused for, a policy if there is one. What makes pods anyway is refused for
    /// policies only.
    /// </summary>
    private NestedObject? NestedObject(ForeignRole role)
    {
        if (role == ForeignRole.Configuration || (ForeignKinds.IsOfKubernetes(_group) && kind != "Template")
            || top.Self.Node is not YamlMapping mapping)
        {
            return null;
        }
        NestedObject? first = null;
        foreach (var inside in NestedObjects.In(mapping))
        {
            if (inside.IsPolicy)
            {
                return inside;
            }
            first ??= role is ForeignRole.Pods or ForeignRole.Installs ? null : inside;
        }
        return first;
    }

    /// <summary>
    /// Reads the pods of a plain template. Of a kind that is known to have one, a fault is an error; of any other, it
    /// may be right, or the object makes no pods.
    /// </summary>
    private bool TryReadPods(ForeignRole role)
    {
        if (role is not (ForeignRole.Template or ForeignRole.Unknown) || !ForeignWorkload.HasTemplate(top))
        {
            return false;
        }
        if (role == ForeignRole.Template)
        {
            Keep(ForeignWorkload.Read(top, _group, kind, isKnown: true));
            return true;
        }
        var quiet = new NodeReader(top.Self.Source, new DiagnosticBag(), top.Self.Node, top.Self.Path);
        var unheard = new MappingReader(quiet, (YamlMapping)quiet.Node, top.Table);
        if (ForeignWorkload.Read(unheard, _group, kind, isKnown: false) is not { } found)
        {
            return false;
        }
        Keep(found);
        return true;
    }

    private void Keep(WorkloadObject? workload)
    {
        if (workload is null)
        {
            outcome.Unseen.Add(MorePods());
            return;
        }
        outcome.Objects.Add(workload);
        if (!MetadataReader.NamesNamespace((YamlMapping)top.Self.Node))
        {
            outcome.Unplaced.Add(workload);
        }
    }

    private void LeaveOut(ForeignRole role)
    {
        var (code, message, label) = role switch
        {
            ForeignRole.Pods or ForeignRole.Template => (Codes.MakesPods, "makes pods, which are not in the answers",
                "its pods are not known"),
            ForeignRole.Installs => (Codes.MakesPods, "installs other objects, which are not in the answers",
                "pods or policies may come of it"),
            ForeignRole.Unknown => (Codes.MakesPods, "is skipped; it may make pods", "a kind that is not known"),
            ForeignRole.Configuration => (Codes.SkippedKind, "is skipped",
                "a configuration file, and no object of a cluster"),
            _ => (Codes.SkippedKind, "is skipped", NestedObjects.PolicyInText(top.Self.Node) is { } policy
                ? $"its text holds a {policy}, which is not read" : "does not decide which pods may talk"),
        };
        Bag.Add(new Diagnostic(code, Severity.Note, $"{Quote.Of(kind)} of {Quote.Of(apiVersion)} {message}",
            _kind.Position, _kind.Length, label)
        {
            // Of kinds that are known to make pods, each is worth a line.
            Tally = role is ForeignRole.Pods or ForeignRole.Template or ForeignRole.Installs ? null
                : new Tally(kind, 1),
        });
        if (code == Codes.MakesPods)
        {
            outcome.Unseen.Add(role == ForeignRole.Installs ? new Unseen(UnseenKinds.All, TargetNamespace())
                : MorePods());
        }
    }

    private Unseen MorePods() => new(UnseenKinds.Pods, OwnNamespace);

    /// <summary>The namespace that objects are installed in; null where the object does not say.</summary>
    private string? TargetNamespace()
    {
        if (top.Field("spec") is not { Node: YamlMapping spec })
        {
            return null;
        }
        return Word(spec, "targetNamespace")
            ?? (spec.TryGet("destination", out var entry) && entry.Value is YamlMapping destination
                ? Word(destination, "namespace") : null)
            ?? (kind == "HelmRelease" ? OwnNamespace : null);
    }

    private static string? Word(YamlMapping mapping, string key) => mapping.TryGet(key, out var entry)
        && entry.Value is YamlScalar { Kind: ScalarKind.String, Value.Length: > 0 } word ? word.Value : null;

    /// <summary>
    /// A misspelling of a kind that is read, in the group that has it (or a group that is none of Kubernetes').
    /// </summary>
    private string? NearMiss()
        => (ObjectKinds.All.Any(k => k.Group == _group && k.ApiVersion == apiVersion)
            || _group == ObjectKinds.PolicyGroup)
           && Suggest.Nearest(kind, ObjectKinds.All.Select(k => k.Name)) is { } near
           && (near.Equals(kind, StringComparison.OrdinalIgnoreCase) || !IsCoreKind()) ? near : null;

    private bool IsCoreKind() =>
        kind is "Event" or "Secret" or "Binding" or "ConfigMap"
        or "LimitRange" or "PodTemplate" or "Ingress" or "IngressClass" or "IPAddress" or "ServiceCIDR"
        or "DeploymentConfig";
}
