namespace Dataplane.Architecture.Tests;

/// <summary>
/// The folders of each project, from the bottom floor to the top: code in a folder may use the folders before it in the
/// list, never those behind it. A folder and the folders inside it are separate floors. A new folder is added here, at
/// the lowest place that works.
/// </summary>
internal static class Floors
{
    /// <summary>
    /// Folder names as in namespaces, without the project's name; empty for the project's own folder.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string[]> Of = new Dictionary<string, string[]>
    {
        ["Dataplane.Kubernetes"] =
        [
            "Kinds", "Text", "Diagnostics", "Yaml", "Objects", "Validation",
            "Reading.Fields", "Reading.Cluster", "Reading.Containers", "Reading.Pods", "Reading.Policies",
            "Reading.Services", "Reading.Foreign", "Reading", "Loading.Foreign", "Loading", "Assertions",
        ],
        ["Dataplane.Policy"] =
        [
            "Model", "Selectors", "Services", "Naming", "Evaluation", "Explanations", "Suggestions",
            "Compilation.Tables", "Compilation.Classes", "Compilation.Sets", "Compilation.NetworkPolicies",
            "Compilation.Tiers", "Compilation",
            "Matrix", "Sampling", "Warnings", "Assertions", "Diff",
        ],
        ["Dataplane.ApiMachinery"] =
            ["Protobuf", "Resources", "Statuses", "Schemas", "Spdy", "OpenApi", "Tables", "Patching", "Selection",
                "Applying", "Defaults"],
        ["Dataplane.Planning"] = ["Ranges", "Services", ""],
        ["Dataplane.Services"] = ["Tables", "Pools", "Indexes", "Compilation", "Names"],
        ["Dataplane.Dns"] = ["Messages", "Zones", "Answers", "Resolving", "Forwarding", "Feeding", "Serving"],
        ["Dataplane.Runtime"] =
            ["Commands", "Statuses", "Life", "Answering", "Logs", "Launching", "Supervision", "Supervision.Wire",
                "Supervision.Client"],
        ["Dataplane.Supervisor"] = ["Keeping", "Output", "Programs", "Probing", "Pods", "Serving", ""],
        ["Dataplane.Linux"] =
            ["Native", "Frames", "Files", "Programs", "Cgroups", "Sockets", "Namespaces", "Netlink", "Rtnetlink",
                "Nftables", "Conntrack", "Nflog", "Capture", "Bpf"],
        ["Dataplane.Rules"] =
        [
            "Shape", "ShortWay", "Guard", "Changes", "Nftables.Model", "Nftables.Parts", "Nftables.Sharing",
            "Nftables.Identity",
            "Nftables.Judging", "Nftables.Limits", "Nftables.Services",
            "Nftables.Render", "Nftables",
        ],
        ["Dataplane.Node"] =
        [
            "ShortWay", "Guard", "Layout", "Ports", "Ports.Bridge", "Programming", "Programming.Tracing", "Ports.Host",
            "Ports.Simulated", "Observation", "Repairs", "Verification", "Diagnosis", "Live",
        ],
        ["Dataplane.Api"] = ["", "Networks", "Client"],
        ["Dataplane.Cni"] = ["Protocol", "Results", "Daemon", "Ipam", "Commands", ""],
        ["Dataplane.Control"] = ["Metering", "Refusals", "State", "Store", "Reconcile", "Sources"],
        ["Dataplane.Daemon"] =
            ["Configuration", "Host", "Observation", "NameServing", "HealthServing", "Programs", "Endpoints",
                "KubernetesApi.Views", "KubernetesApi.Served", "KubernetesApi.Events", "KubernetesApi.Shaping",
                "KubernetesApi.Security", "KubernetesApi.Requests", "KubernetesApi.Changes",
                "KubernetesApi.Forwarding", "KubernetesApi.Streams", "KubernetesApi.Serving", "KubernetesApi", ""],
        ["Dataplane.Cli"] =
        [
            "Terminal", "Output", "Diagnostics", "Connection", "Options", "Input", "Why", "Page", "Matrix", "Diff",
            "Test", "Verify", "Validate", "Demo",
            "Rules", "Dns", "Apply", "Get", "Flows", "Trace", "Capture", "Read", "Topology", "Ui", "Exec", "Logs",
            "Cni",
            "Operation", "Completion",
            "",
        ],
    };
}
