using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;

namespace Dataplane.ApiMachinery.Tables;

/// <summary>How objects of a kind become rows.</summary>
/// <param name="Cells">A cell for each column: a string, a number, true or false; null: nothing to show.</param>
internal sealed record Printer(IReadOnlyList<Column> Columns, Func<JsonObject, DateTimeOffset, JsonNode?[]> Cells);

/// <summary>The printers of the built-in kinds, with the columns of the API server.</summary>
internal static class Printers
{
    private static readonly Printer NameAndAge = Of("Name|Age", (obj, now) => [obj.Name(), obj.Age(now)]);

    private static readonly Dictionary<string, Printer> ByPlural = new()
    {
        ["pods"] = Of(PodRow.Columns, PodRow.Of),
        ["podtemplates"] = Of(WorkloadRows.PodTemplateColumns, WorkloadRows.PodTemplate),
        ["deployments"] = Of(WorkloadRows.DeploymentColumns, WorkloadRows.Deployment),
        ["replicasets"] = Of(WorkloadRows.ReplicaSetColumns, WorkloadRows.ReplicaSet),
        ["replicationcontrollers"] = Of(WorkloadRows.ReplicaSetColumns, WorkloadRows.ReplicationController),
        ["statefulsets"] = Of(WorkloadRows.StatefulSetColumns, WorkloadRows.StatefulSet),
        ["daemonsets"] = Of(WorkloadRows.DaemonSetColumns, WorkloadRows.DaemonSet),
        ["jobs"] = Of(WorkloadRows.JobColumns, WorkloadRows.Job),
        ["cronjobs"] = Of(WorkloadRows.CronJobColumns, WorkloadRows.CronJob),
        ["controllerrevisions"] = Of(ClusterRows.RevisionColumns, ClusterRows.Revision),
        ["services"] = Of(NetworkRows.ServiceColumns, NetworkRows.Service),
        ["endpoints"] = Of(NetworkRows.EndpointsColumns, NetworkRows.Endpoints),
        ["endpointslices"] = Of(NetworkRows.EndpointSliceColumns, NetworkRows.EndpointSlice),
        ["ingresses"] = Of(NetworkRows.IngressColumns, NetworkRows.Ingress),
        ["ingressclasses"] = Of(NetworkRows.IngressClassColumns, NetworkRows.IngressClass),
        ["networkpolicies"] = Of(NetworkRows.NetworkPolicyColumns, NetworkRows.NetworkPolicy),
        ["clusternetworkpolicies"] =
            Of(NetworkRows.ClusterNetworkPolicyColumns, NetworkRows.ClusterNetworkPolicy),
        ["adminnetworkpolicies"] = Of(NetworkRows.AdminNetworkPolicyColumns, NetworkRows.AdminNetworkPolicy),
        ["namespaces"] = Of(ClusterRows.NamespaceColumns, ClusterRows.Namespace),
        ["nodes"] = Of(ClusterRows.NodeColumns, ClusterRows.Node),
        ["configmaps"] = Of(ClusterRows.ConfigMapColumns, ClusterRows.ConfigMap),
        ["secrets"] = Of(ClusterRows.SecretColumns, ClusterRows.Secret),
        ["serviceaccounts"] = Of(ClusterRows.ServiceAccountColumns, ClusterRows.ServiceAccount),
        ["events"] = Of(ClusterRows.EventColumns, ClusterRows.Event),
        ["roles"] = Of(ClusterRows.RoleColumns, ClusterRows.Created),
        ["clusterroles"] = Of(ClusterRows.RoleColumns, ClusterRows.Created),
        ["limitranges"] = Of(ClusterRows.RoleColumns, ClusterRows.Created),
        ["customresourcedefinitions"] = Of(ClusterRows.RoleColumns, ClusterRows.Created),
        ["rolebindings"] = Of(ClusterRows.BindingColumns, ClusterRows.Binding),
        ["clusterrolebindings"] = Of(ClusterRows.BindingColumns, ClusterRows.Binding),
        ["leases"] = Of(ClusterRows.LeaseColumns, ClusterRows.Lease),
        ["priorityclasses"] = Of(ClusterRows.PriorityClassColumns, ClusterRows.PriorityClass),
        ["validatingwebhookconfigurations"] = Of(ClusterRows.WebhookColumns, ClusterRows.Webhooks),
        ["mutatingwebhookconfigurations"] = Of(ClusterRows.WebhookColumns, ClusterRows.Webhooks),
        ["persistentvolumeclaims"] = Of(ResourceRows.ClaimColumns, ResourceRows.Claim),
        ["persistentvolumes"] = Of(ResourceRows.VolumeColumns, ResourceRows.Volume),
        ["storageclasses"] = Of(ResourceRows.StorageClassColumns, ResourceRows.StorageClass),
        ["horizontalpodautoscalers"] = Of(ResourceRows.AutoscalerColumns, ResourceRows.Autoscaler),
        ["poddisruptionbudgets"] = Of(ResourceRows.DisruptionBudgetColumns, ResourceRows.DisruptionBudget),
        ["resourcequotas"] = Of(ResourceRows.QuotaColumns, ResourceRows.Quota),
    };

    private static readonly HashSet<string> BuiltIn = [.. ApiResources.BuiltIn.Select(r => r.Path)];

    /// <summary>A custom kind may have the plural of a built-in one, in another group.</summary>
    public static Printer Of(ApiResource resource) =>
        BuiltIn.Contains(resource.Path) ? ByPlural.GetValueOrDefault(resource.Kind.Plural, NameAndAge) : NameAndAge;

    private static Printer Of(string columns, Func<JsonObject, DateTimeOffset, JsonNode?[]> cells) =>
        new(Column.Read(columns), cells);
}
