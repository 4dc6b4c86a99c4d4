using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;

namespace Dataplane.Bench;

/// <summary>
/// Services of three endpoints each, as most are: a ClusterIP, one port, no affinity. Slices list the endpoints, whose
/// addresses are no pods', so that a cluster of any size can have them.
/// </summary>
internal static class TypicalServices
{
    public const int Endpoints = 3;

    private const string Namespace = "services";

    private static readonly SourcePosition Here = new("bench.yaml", 1, 1);

    /// <param name="families">That every Service has.</param>
    public static Cluster With(Cluster cluster, int services, params IReadOnlyList<AddressFamily> families) =>
        cluster with
        {
            Services = [.. Enumerable.Range(0, services)
                .Select(i => Service($"s{i:d5}", families, f => Address(f, i), null, TransportProtocol.Tcp))],
            Endpoints = [.. Enumerable.Range(0, services)
                .SelectMany(i => families.Select(f => Slice($"s{i:d5}", f, Enumerable.Range(i * Endpoints, Endpoints)
                    .Select(e => Backend(f, e)), TransportProtocol.Tcp)))],
        };

    /// <summary>A cluster in which one Service has an endpoint less than in the other.</summary>
    public static Cluster WithoutOneEndpoint(Cluster cluster)
    {
        var at = cluster.Endpoints.Count / 2;
        var slice = cluster.Endpoints[at];
        var subset = slice.Subsets[0];
        return cluster with
        {
            Endpoints = [.. cluster.Endpoints.Take(at), slice with
            {
                Subsets = [subset with { Addresses = [.. subset.Addresses.Skip(1)] }],
            }, .. cluster.Endpoints.Skip(at + 1)],
        };
    }

    /// <summary>A ClusterIP: of both families the one of the same number.</summary>
    public static IPAddress Address(AddressFamily family, int number) => family == AddressFamily.InterNetwork
        ? new IPAddress([10, (byte)(96 + (number >> 16)), (byte)(number >> 8), (byte)number])
        : IPAddress.Parse($"fd00:10:96::{number >> 16:x}:{number & 0xffff:x}");

    public static IPAddress Backend(AddressFamily family, int number) => family == AddressFamily.InterNetwork
        ? new IPAddress([10, (byte)(128 + (number >> 16)), (byte)(number >> 8), (byte)number])
        : IPAddress.Parse($"fd00:10:128::{number >> 16:x}:{number & 0xffff:x}");

    public static PlacedService Service(string name, IReadOnlyList<AddressFamily> families,
        Func<AddressFamily, IPAddress> address, int? affinitySeconds, params TransportProtocol[] protocols) => new(
        new ServiceObject(Namespace, name, new Dictionary<string, string>(), Here)
        {
            AffinitySeconds = affinitySeconds,
            Ports = [.. protocols.Select(p => new ServicePort(protocols.Length > 1 ? $"{p}" : null, p, 80, 8080, null,
                null, Here))],
        },
        families, PerFamily.Of(f => families.Contains(f) ? address(f) : null),
        [.. protocols.Select(_ => (ushort?)null)], [], null);

    public static EndpointsObject Slice(string service, AddressFamily family, IEnumerable<IPAddress> addresses,
        params TransportProtocol[] protocols) => new(ObjectKinds.EndpointSlice, Namespace, $"{service}-{family}",
        new Dictionary<string, string>(), service, false,
        [new EndpointSubset(
            [.. addresses.Select(a => new EndpointAddress(a, true, true, false, null, "elsewhere", null, Here))],
            [.. protocols.Select(p => new EndpointPort(protocols.Length > 1 ? $"{p}" : null, p, 8080, Here))])],
        Here);
}
