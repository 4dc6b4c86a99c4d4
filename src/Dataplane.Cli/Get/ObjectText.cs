using System.Text.Json;
using Dataplane.Api;
using Dataplane.Cli.Options;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Get;

/// <summary>Optional columns of the tables.</summary>
internal readonly record struct TableColumns(bool WithNamespace, bool WithLabels);

/// <summary>Prints objects in the formats of <c>get</c>.</summary>
internal static class ObjectText
{
    private const string LabelsTitle = "LABELS";

    public static void Write(Shell shell, ObjectsResponse answer, string format, TableColumns columns)
    {
        switch (format)
        {
            case "json":
                shell.WriteJson(json => JsonSerializer.Serialize(json, answer, ApiJson.Default.ObjectsResponse));
                break;
            case "yaml":
                WriteYaml(shell, answer.Objects);
                break;
            case "name":
                foreach (var entry in answer.Objects)
                    shell.Out.WriteLine($"{KindNames.Named(entry.Kind).Singular}/{entry.Name}");
                break;
            default:
                WriteTables(shell, answer.Objects, columns, wide: format == "wide");
                break;
        }
    }

    private static void WriteYaml(Shell shell, IReadOnlyList<ObjectEntry> objects)
    {
        var first = true;
        // Objects of one document (a List, the pods of a Deployment) share its text.
        foreach (var (text, ns) in objects.Select(o => (o.Text.Trim('\n'), o.Namespace)).Distinct())
        {
            if (!first) shell.Out.WriteLine("---");
            if (ns is not null) shell.Out.WriteLine($"# applied with -n {ns}: the namespace of what names none");
            var services = new Dictionary<string, (ServiceObject, ServiceEntry)>();
            foreach (var entry in objects.Where(o => o.Text.Trim('\n') == text && o.Namespace == ns))
            {
                if (entry.Service is { } has && ObjectOf(entry) is ServiceObject service)
                    services[entry.Name] = (service, has);
                if (entry.Pod?.Status is { } status) PodCells.WriteStatus(shell.Out, entry.Name, status);
            }
            shell.WriteDocument(services.Count == 0 ? text + "\n"
                : FilledService.Text(text, ns ?? ObjectNames.DefaultNamespace, services));
            first = false;
        }
    }

    /// <summary>
    /// Writes one table for each kind, in the order of <see cref="ObjectKinds.All"/>; rows are sorted by name.
    /// </summary>
    private static void WriteTables(
        Shell shell, IReadOnlyList<ObjectEntry> objects, TableColumns columns, bool wide)
    {
        var groups = objects.GroupBy(o => o.Kind)
            .ToDictionary(g => g.Key, g => g.OrderBy(o => o.Name, StringComparer.Ordinal).ToList());
        var first = true;
        foreach (var name in ObjectKinds.All.Select(k => k.Name)
            .Concat(groups.Keys)
            .Distinct()
            .Where(groups.ContainsKey))
        {
            var kind = KindNames.Named(name);
            if (!first) shell.Out.WriteLine();
            if (groups.Count > 1) shell.Out.WriteLine($"{shell.OutColours.Bold(kind.Plural)}");
            first = false;
            var table = new Columns();
            var now = TimeProvider.System.GetUtcNow();
            var runs = kind == ObjectKinds.Pod && groups[name].Exists(e => e.Pod?.Summary is not null);
            string[] header = [.. runs ? PodCells.Header : [], .. Header(kind)];
            var withLabels = columns.WithLabels && !header.Contains(LabelsTitle);
            table.Add([
                .. columns.WithNamespace && kind.Namespaced ? (string[])["NAMESPACE", "NAME"] : ["NAME"],
                .. header,
                .. wide ? (string[])[.. WideHeader(kind), "SOURCE"] : [],
                .. withLabels ? (string[])[LabelsTitle] : []
            ]);
            foreach (var entry in groups[name])
            {
                table.Add([
                    .. NameCells(entry, kind, columns.WithNamespace),
                    .. runs ? PodCells.Of(entry, now) : [],
                    .. Cells(entry, kind),
                    .. wide ? (string[])[.. WideCells(entry, kind), $"{entry.File}:{entry.Line}"] : [],
                    .. withLabels ? (string[])[Labels(entry.Labels)] : []
                ]);
            }
            table.WriteTo(shell.Out);
        }
    }

    private static string[] NameCells(ObjectEntry entry, ObjectKind kind, bool withNamespace)
    {
        if (!kind.Namespaced || entry.Name.Split('/', 2) is not [var ns, var name]) return [entry.Name];
        return withNamespace ? [ns, name] : [name];
    }

    private static string[] Header(ObjectKind kind) => kind.Name switch
    {
        "Pod" => ["IPV4", "IPV6", LabelsTitle],
        "NetworkPolicy" => ["POD-SELECTOR", "ISOLATES", "INGRESS", "EGRESS"],
        "Service" => ServiceCells.Header,
        "Endpoints" or "EndpointSlice" => ServiceCells.EndpointsHeader,
        _ when kind.IsPolicy() => ["TIER", "PRIORITY", "SUBJECT", "INGRESS", "EGRESS"],
        _ => [LabelsTitle],
    };

    private static string[] Cells(ObjectEntry entry, ObjectKind kind) => kind.Name switch
    {
        "Pod" => [entry.Pod?.IPv4 ?? "-", entry.Pod?.IPv6 ?? "-", Labels(entry.Labels)],
        "NetworkPolicy" => ObjectOf(entry) is NetworkPolicyObject policy
            ? [
                policy.PodSelector.Text(),
                Isolates(policy),
                Words.Count(policy.Ingress.Count, "rule"),
                Words.Count(policy.Egress.Count, "rule")
            ]
            : ["?", "?", "?", "?"],
        "Service" => ObjectOf(entry) is ServiceObject service ? ServiceCells.Of(service, entry.Service)
            : ["?", "?", "?", "?"],
        "Endpoints" or "EndpointSlice" =>
            ObjectOf(entry) is EndpointsObject endpoints ? ServiceCells.Of(endpoints) : ["?", "?"],
        _ when kind.IsPolicy() => ObjectOf(entry) is TierPolicyObject tier
            ? [
                tier.Tier.ToString(),
                $"{tier.Priority}",
                PolicyText.Subject(tier.Subject),
                Words.Count(tier.Ingress.Count, "rule"),
                Words.Count(tier.Egress.Count, "rule")
            ]
            : ["?", "?", "?", "?", "?"],
        _ => [Labels(entry.Labels)],
    };

    private static string[] WideHeader(ObjectKind kind) => kind == ObjectKinds.Pod ? ["NETNS", "PORT", "MAC"] : [];

    private static string[] WideCells(ObjectEntry entry, ObjectKind kind) => kind != ObjectKinds.Pod ? []
        : entry.Pod is { HostNetwork: true } ? ["(the node's)", "-", "-"]
        : [entry.Pod?.Netns ?? "-", entry.Pod?.Port ?? "-", entry.Pod?.Mac ?? "-"];

    public static string Labels(IReadOnlyDictionary<string, string> labels) =>
        labels.Count == 0
            ? "<none>"
            : string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));

    private static string Isolates(NetworkPolicyObject policy) => (policy.IsolatesIngress, policy.IsolatesEgress) switch
    {
        (true, true) => "Ingress,Egress",
        (true, false) => "Ingress",
        (false, true) => "Egress",
        _ => "nothing",
    };

    /// <summary>Parses the object from the entry's text; null if this version cannot read it.</summary>
    private static KubernetesObject? ObjectOf(ObjectEntry entry)
    {
        var source = new SourceText(entry.File, entry.Text) { Namespace = entry.Namespace };
        var set = ManifestLoader.LoadTexts([source]).Manifests;
        return set.NetworkPolicies.Cast<KubernetesObject>()
            .Concat(set.TierPolicies)
            .Concat(set.Services)
            .Concat(set.Endpoints)
            .FirstOrDefault(o => o.Kind == entry.Kind && o.FullName == entry.Name);
    }
}
