using System.Diagnostics.Metrics;
using Dataplane.Linux.Namespaces;
namespace Dataplane.Daemon.Observation;

/// <summary>The state of the node as gauges show it.</summary>
/// <param name="Elements">In all sets.</param>
internal sealed record NodeGauges(long Elements, long Pods, long Policies, long DesiredGeneration, long EnforcedGeneration);

/// <summary>What can only be asked when somebody wants to know.</summary>
/// <param name="ConntrackEntries">Of the node's namespace.</param>
internal sealed record LiveReadings(Func<long> QueueDepth, Func<long> ConntrackEntries);

/// <summary>Everything that is measured, by the names that /metrics and OTLP have. Times are in seconds.</summary>
internal static class DataplaneMeters
{
    public const string Name = "dataplane";

    private static readonly Meter Meter = new(Name);
    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    };

    private static volatile NodeGauges gauges = new(0, 0, 0, 0, 0);
    private static volatile LiveReadings? readings;

    public static readonly Histogram<double> Reconcile =
        Histogram("dataplane_reconcile_seconds", "Time from taking a change from the queue until the kernel has it.");

    public static readonly Histogram<double> Transaction = Histogram("dataplane_transaction_seconds", "Time the kernel took for a transaction of rules.");

    public static readonly Counter<long> Repairs = Meter.CreateCounter<long>("dataplane_drift_repairs_total", null, "Things of ours that somebody else had changed and that were mended.");

    private static readonly Counter<long> FlowCount = Meter.CreateCounter<long>("dataplane_flows_total", null, "Connections allowed and packets denied, as the flow log has them.");

    private static readonly Counter<long> LostCount = Meter.CreateCounter<long>("dataplane_flow_entries_lost_total", null, "Entries that the flow log could not tell.");

    static DataplaneMeters()
    {
        Gauge("dataplane_elements", "Elements in all sets of the ruleset.", static () => gauges.Elements);
        Gauge("dataplane_pods", "Pods in the desired state.", static () => gauges.Pods);
        Gauge("dataplane_policies", "Policies of all kinds in the desired state.", static () => gauges.Policies);
        Gauge("dataplane_generation_desired", "Changes of the desired state so far.", static () => gauges.DesiredGeneration);
        Gauge("dataplane_generation_enforced", "The last generation that the kernel has.", static () => gauges.EnforcedGeneration);
        Gauge("dataplane_queue_depth", "Work that waits for the thread that owns the node.", static () => readings?.QueueDepth() ?? 0);
        Gauge("dataplane_conntrack_entries", "Connections that the node follows.", static () => readings?.ConntrackEntries() ?? 0);
        Gauge("dataplane_stray_threads", "Threads outside their network namespace: a fault; 0 is healthy.", static () => ThreadHome.StrayThreads().Count);
        Gauge("dataplane_process_resident_bytes", "Memory of the daemon's process.", static () => Environment.WorkingSet);
    }

    public static void Show(NodeGauges now) => gauges = now;

    /// <summary>Null when there is nothing to read any more.</summary>
    public static void Read(LiveReadings? from) => readings = from;

    public static void Flows(string verdict, long count) => FlowCount.Add(count, new KeyValuePair<string, object?>("verdict", verdict));

    public static void Lost(long count) => LostCount.Add(count);

    private static Histogram<double> Histogram(string name, string description) => Meter.CreateHistogram(name, "s", description, tags: null, Buckets);

    private static void Gauge(string name, string description, Func<long> read) => Meter.CreateObservableGauge(name, read, null, description);
}
