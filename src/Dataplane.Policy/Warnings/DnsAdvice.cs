using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Policy.Warnings;

/// <summary>The words of S014, and the rule that would let the pods ask the name server that is there.</summary>
internal static class DnsAdvice
{
    public static Diagnostic Warn(Scene scene, NameServers servers, NetworkPolicyObject policy, AddressSet pods)
    {
        var server = policy.Egress.Select(r => servers.Among(policy, r)).FirstOrDefault(s => s is not null);
        var allowed = server is not null;
        server ??= servers.First;
        var numbers = servers.Numbers(server);
        var rule = $"{{to: [{Peer(server)}], ports: [{string.Join(", ", numbers.SelectMany(n =>
            new[] { $"{{port: {n}, protocol: UDP}}", $"{{port: {n}, protocol: TCP}}" }))}]}}";
        var listens = string.Join(" and ", numbers);
        return Scene.Warning(SemanticCodes.NoDns,
            $"`{policy.FullName}` blocks DNS (UDP/TCP {listens}) for {scene.Names(pods)}",
            policy.PolicyTypesPosition ?? policy.PodSelector.Position,
            policy.PolicyTypesPosition is null ? 1 : "policyTypes".Length,
            allowed ? $"egress is isolated, and no rule for `{server!.FullName}` allows its port {listens}"
                : "egress is isolated, and no rule allows a name server",
            "names do not resolve: programs wait and report timeouts, even to peers that are allowed",
            $"add under `egress:` the rule `- {rule}`") with
        {
            Fix = Added(scene, policy, rule),
        };
    }

    private static string Peer(PodObject? server)
    {
        var (ns, label) = server is null ? ("kube-system", "k8s-app: kube-dns") : (server.Namespace, LabelOf(server));
        var pods = label is null ? "" : $", podSelector: {{matchLabels: {{{label}}}}}";
        return $"{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {YamlText.Word(ns)}}}}}{pods}}}";
    }

    private static string? LabelOf(PodObject server) => NameServers.AppLabels
        .Concat(server.Labels.Keys).Where(server.Labels.ContainsKey)
        .Select(key => $"{YamlText.Word(key)}: {YamlText.Word(server.Labels[key])}").FirstOrDefault();

    private static Fix? Added(Scene scene, NetworkPolicyObject policy, string rule)
    {
        if (policy.Egress is [var first, ..])
        {
            return scene.Text(first.Position) is { } text
                ? new Fix(YamlItems.Before(text, first.Position, rule)) : null;
        }
        if (policy.EgressPosition is { } given)
        {
            return scene.Text(given) is not { } text ? null : text.ValueOf(given) is { } value
                ? new Fix(new TextEdit(value, text.End(value, inFlow: true), $"[{rule}]"))
                : new Fix(YamlText.Insert(text.AfterColon(given), $" [{rule}]"));
        }
        if (policy.PolicyTypesPosition is not { } types || scene.Text(types) is not { } yaml)
        {
            return null;
        }
        var flow = !yaml.StartsLine(types);
        var blanks = new string(' ', types.Column - 1);
        return new Fix(YamlText.Insert(types, flow ? $"egress: [{rule}], " : $"egress:\n{blanks}- {rule}\n{blanks}"));
    }
}
