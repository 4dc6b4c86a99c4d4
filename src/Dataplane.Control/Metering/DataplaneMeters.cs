using System.Diagnostics.Metrics;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Programming;
using Dataplane.Policy.Services;

namespace Dataplane.Control.Metering;

/// <summary>
/// The instruments of one daemon, under the names that /metrics and OTLP show. Times are in seconds. Safe for
/// concurrent use.
/// </summary>
public sealed class DataplaneMeters : IDisposable
{
    /// <summary>The name of the <see cref="Meter"/>.</summary>
    public const string Name = "dataplane";

    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    };

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _flows, _lost;
    private volatile NodeGauges _gauges = new(0, 0, 0, 0, 0, 0, default);
    private volatile LiveReadings? _readings;

    public DataplaneMeters()
    {
        Reconcile = Histogram("dataplane_reconcile_seconds",
            "Time from taking a change from the queue until the kernel has it.");
        Transaction = Histogram("dataplane_transaction_seconds", "Time the kernel took for a transaction of rules.");
        Repairs = Counter("dataplane_drift_repairs_total",
            "Things of ours that somebody else had changed and that were repaired.");
        _flows = Counter("dataplane_flows_total", "Connections allowed and packets denied, as the flow log has them.");
        _lost = Counter("dataplane_flow_entries_lost_total", "Entries that the flow log could not tell.");
        Gauge("dataplane_elements", "Elements in all sets of the ruleset.", () => _gauges.Elements);
        Gauge("dataplane_pods", "Pods in the desired state.", () => _gauges.Pods);
        Gauge("dataplane_policies", "Policies of all kinds in the desired state.", () => _gauges.Policies);
        Gauge("dataplane_services", "Services in the desired state.", () => _gauges.Services);
        Gauge("dataplane_service_frontends",
            "Destinations that the rules translate or refuse: addresses, ports, families, inside and outside.",
            () => _gauges.ServiceRules.Frontends);
        Gauge("dataplane_service_pools", "Pools: one port of a Service in one family under one traffic policy.",
            () => _gauges.ServiceRules.Pools);
        Gauge("dataplane_service_slots", "Places of backends in all pools.", () => _gauges.ServiceRules.Slots);
        _meter.CreateObservableGauge("dataplane_service_endpoints", Endpoints, null,
            "Endpoints of Services by state: ready, leaving (used where none is ready), waiting.");
        Gauge("dataplane_generation_desired", "Changes of the desired state so far.", () => _gauges.DesiredGeneration);
        Gauge("dataplane_generation_enforced", "The last generation that the kernel has.",
            () => _gauges.EnforcedGeneration);
        Gauge("dataplane_queue_depth", "Work that waits for the thread that owns the node.",
            () => _readings?.QueueDepth() ?? 0);
        Gauge("dataplane_conntrack_entries", "Connections that the node follows.",
            () => _readings?.ConntrackEntries() ?? 0);
        Gauge("dataplane_stray_threads", "Threads outside their network namespace: a fault; 0 is healthy.",
            static () => ThreadHome.StrayThreads().Count);
        Gauge("dataplane_process_resident_bytes", "Memory of the daemon's process.",
            static () => Environment.WorkingSet);
    }

    public Histogram<double> Reconcile { get; }

    public Histogram<double> Transaction { get; }

    public Counter<long> Repairs { get; }

    /// <summary>Whether an instrument is one of these.</summary>
    public bool Has(Instrument instrument) => ReferenceEquals(instrument.Meter, _meter);

    /// <summary>Sets what the gauges show from now on.</summary>
    public void Show(NodeGauges now) => _gauges = now;

    /// <summary>Sets where the readings come from; null: there is nothing to read any more.</summary>
    public void Read(LiveReadings? from) => _readings = from;

    /// <param name="verdict"><c>allowed</c> or <c>denied</c>.</param>
    public void Flows(string verdict, long count) =>
        _flows.Add(count, new KeyValuePair<string, object?>("verdict", verdict));

    public void Lost(long count) => _lost.Add(count);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Endpoints()
    {
        var counts = _readings?.Endpoints() ?? default;
        return [Of("ready", counts.Ready), Of("leaving", counts.Leaving), Of("waiting", counts.Waiting)];

        static Measurement<long> Of(string state, long count) =>
            new(count, new KeyValuePair<string, object?>("state", state));
    }

    private Histogram<double> Histogram(string name, string description) =>
        _meter.CreateHistogram(name, "s", description, tags: null, Buckets);

    private Counter<long> Counter(string name, string description) =>
        _meter.CreateCounter<long>(name, null, description);

    private void Gauge(string name, string description, Func<long> read) =>
        _meter.CreateObservableGauge(name, read, null, description);
}

/// <summary>The state of the node as gauges show it.</summary>
/// <param name="Elements">Number of elements in all sets.</param>
public sealed record NodeGauges(
    long Elements, long Pods, long Policies, long DesiredGeneration, long EnforcedGeneration, long Services,
    ServiceElements ServiceRules);

/// <summary>Values that are read when a metric is asked for.</summary>
/// <param name="ConntrackEntries">Number of connection entries in the node's namespace.</param>
/// <param name="Endpoints">Of the Services of the desired state.</param>
public sealed record LiveReadings(
    Func<long> QueueDepth, Func<long> ConntrackEntries, Func<EndpointCounts> Endpoints);
