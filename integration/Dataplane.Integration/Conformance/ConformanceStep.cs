using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Integration.Conformance;

/// <summary>One desired state of a case, and what is expected of it.</summary>
internal sealed class ConformanceStep
{
    private readonly Dictionary<string, Endpoint> _endpoints;

    private ConformanceStep(string name, Cluster cluster, IReadOnlyList<Expectation> expectations)
    {
        (Name, Cluster) = (name, cluster);
        _endpoints = expectations.SelectMany(e => new[] { e.From, e.To })
            .Distinct()
            .ToDictionary(text => text, text => EndpointOf(cluster, text));
        Flows =
        [
            .. from e in expectations
               from family in AddressFamilies.All
               where e.Family is null || e.Family == family
               let flow = new Flow(_endpoints[e.From], _endpoints[e.To], e.Probe, family)
               where flow.From.AddressIn(family) is not null && flow.To.AddressIn(family) is not null
               select (flow, e.Allowed),
        ];
    }

    public string Name { get; }

    public Cluster Cluster { get; }

    /// <summary>Every asserted cell as flows, with the verdict it must have.</summary>
    public IReadOnlyList<(Flow Flow, bool Allowed)> Flows { get; }

    /// <summary>The addresses in the matrices that no pod and not the node has.</summary>
    public IReadOnlyList<ExternalEndpoint> Externals => [.. _endpoints.Values.OfType<ExternalEndpoint>().Distinct()];

    /// <summary>
    /// The kinds that the manifests of a case hold and the loader does not read; empty when the case can be judged.
    /// </summary>
    public static IReadOnlyList<string> MissingKinds(string folder) =>
    [
        .. Files(folder).SelectMany(f => ManifestLoader.Load([f.Manifests]).Diagnostics)
            .Where(d => d.Code is Codes.SkippedKind or Codes.UnsupportedPolicy)
            .Select(d => d.Message.Split('\'', '"', '`')[1]).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>All steps of a case. An error in its manifests fails the test with the loader's own words.</summary>
    public static IEnumerable<ConformanceStep> Read(string folder)
    {
        foreach (var (name, manifests, expected) in Files(folder))
        {
            var loaded = ManifestLoader.Load([manifests]);
            Assert.False(loaded.HasErrors,
                $"{name}: {string.Join('\n', loaded.Diagnostics.Select(d => $"{d.Position}: {d.Message}"))}");
            var built = ClusterBuilder.Build(loaded.Manifests, NodeOptions.Default);
            Assert.True(built.Cluster is not null,
                $"{name}: {string.Join('\n', built.Diagnostics.Select(d => d.Message))}");
            yield return new ConformanceStep(name, built.Cluster, Expectation.Read(expected));
        }
    }

    private static IEnumerable<(string Name, string Manifests, string Expected)> Files(string folder)
    {
        var single = Path.Combine(folder, "manifests.yaml");
        if (File.Exists(single)) return [("manifests", single, Path.Combine(folder, "expected.json"))];
        return Enumerable.Range(1, 1000).TakeWhile(n => File.Exists(Path.Combine(folder, $"step{n}.yaml")))
            .Select(
                n => ($"step {n}", Path.Combine(folder, $"step{n}.yaml"), Path.Combine(folder, $"expected{n}.json")));
    }

    /// <summary>
    /// An address that users may not name as an endpoint (0.0.0.0) still has a verdict; only the wire cannot carry it.
    /// </summary>
    private static Endpoint EndpointOf(Cluster cluster, string text) => EndpointNames.Resolve(cluster, text) switch
    {
        { Endpoint: { } found } => found,
        _ when IPAddress.TryParse(text, out var address) => new ExternalEndpoint(address),
        { Error: var error } => throw new InvalidDataException(error),
    };
}
