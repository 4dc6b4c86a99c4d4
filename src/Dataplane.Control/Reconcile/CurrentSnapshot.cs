using Dataplane.Control.Metering;

namespace Dataplane.Control.Reconcile;

/// <summary>The snapshot that readers get. Written by the reconciler's thread only.</summary>
internal sealed class CurrentSnapshot(DataplaneMeters meters)
{
    private volatile NodeSnapshot? _value;

    /// <exception cref="InvalidOperationException">The node is not open yet.</exception>
    public NodeSnapshot Value => _value ?? throw new InvalidOperationException("not started");

    /// <summary>Raised with every new snapshot, on the reconciler's thread.</summary>
    public event Action<NodeSnapshot>? Changed;

    public void Publish(NodeSnapshot snapshot)
    {
        _value = snapshot;
        meters.Show(new NodeGauges(
            snapshot.Elements, snapshot.Cluster.Pods.Count,
            snapshot.Cluster.NetworkPolicies.Count + snapshot.Cluster.TierPolicies.Count,
            snapshot.State.Generation, snapshot.EnforcedGeneration, snapshot.Cluster.Services.Count,
            snapshot.ServiceElements));
        Changed?.Invoke(snapshot);
    }
}
