namespace Dataplane.Kubernetes.Objects;

/// <summary>core/v1 IPFamilyPolicy: how many address families a Service has.</summary>
public enum FamilyPolicy
{
    SingleStack,

    /// <summary>Both where the cluster has both.</summary>
    PreferDualStack,

    /// <summary>Both, or the Service is refused.</summary>
    RequireDualStack,
}
