using Dataplane.Cli.Diff;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Why;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Get;

/// <summary>Describes one namespace: its labels, pods and policies.</summary>
internal static class NamespacePage
{
    public static void Write(Printer output, Cluster cluster, NamespaceObject found)
    {
        var pods = cluster.Pods.Where(p => p.Pod.Namespace == found.Name).Select(p => p.Pod.Name).ToList();
        var policies = cluster.NetworkPolicies.Where(p => p.Namespace == found.Name).ToList();
        output.WriteLine($"Namespace {found.Name}   {WhyText.At(found.Position)}");
        var rows = new Columns();
        rows.Add("Labels", ObjectText.Labels(found.Labels));
        rows.Add("Pods", pods.Count == 0 ? "none" : $"{pods.Count}: {DiffTable.Shorten(string.Join(", ", pods))}");
        rows.Add(
            "Policies",
            policies.Count == 0
                ? "none: its pods are open, but for the Admin and Baseline tiers"
                : $"{policies.Count}");
        foreach (var policy in policies)
        {
            rows.Add(
                "",
                $"{policy.Name}   {WhyText.At(policy.Position)}   selects "
                    + $"{Words.Count(SelectedPods.Of(cluster, policy).Count, "pod")}");
        }
        rows.WriteTo(output);
    }
}
