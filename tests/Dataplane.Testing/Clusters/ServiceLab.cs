using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Model;
using Dataplane.Services.Tables;

namespace Dataplane.Testing.Clusters;

/// <summary>Writes a service table by hand, without a compiler.</summary>
public sealed class ServiceLab
{
    private readonly List<FrontendEntry> _frontends = [];
    private readonly List<PoolEntry> _pools = [];
    private readonly List<SlotEntry> _slots = [];
    private readonly List<SourceEntry> _sources = [];
    private readonly List<IPAddress> _refused = [];
    private readonly Dictionary<IPEndPoint, BackendNumber> _backends = [];

    public ServiceTable Table => new(_frontends, _pools, _slots,
        [.. _backends.Select(b => new BackendEntry(b.Value, b.Key.Address, (ushort)b.Key.Port))],
        _sources, _refused);

    /// <summary>The pools that follow are numbered one by one, from 1.</summary>
    /// <param name="backends">As in 10.244.0.4:8080 or [fd00::4]:8080.</param>
    public ServiceLab Pool(AddressFamily family, string[] backends, int? affinity = null, bool drops = false,
        string[]? sources = null)
    {
        var number = new PoolNumber((uint)_pools.Count + 1);
        _pools.Add(new PoolEntry(number, family, backends.Length, affinity, sources is not null, drops));
        foreach (var (index, backend) in backends.Select(IPEndPoint.Parse).Index())
        {
            // The same number in every table.
            var isIPv4 = backend.AddressFamily == AddressFamily.InterNetwork;
            _backends[backend] = new BackendNumber(backend.Address.GetAddressBytes()[^1] + (isIPv4 ? 0x60u : 0x160)
                + 0x1000 * (uint)Math.Max(0, backend.Port - 8080));
            _slots.Add(new SlotEntry(number, index, _backends[backend], affinity is not null));
        }
        _sources.AddRange((sources ?? []).Select(source => new SourceEntry(number, IPNetwork.Parse(source))));
        return this;
    }

    /// <summary>Leads to the last pool, from inside, from outside, or from both.</summary>
    /// <param name="at">Protocol, port and, unless it is the node's, address: "TCP 80 10.96.0.10".</param>
    public ServiceLab At(string at, FrontendSide? side = null)
    {
        var words = at.Split(' ');
        var address = words.Length > 2 ? IPAddress.Parse(words[2]) : null;
        foreach (var one in side is { } only ? [only] : Enum.GetValues<FrontendSide>())
        {
            _frontends.Add(new FrontendEntry(new Frontend(one, _pools[^1].Family, address,
                Enum.Parse<FlowProtocol>(words[0], ignoreCase: true),
                ushort.Parse(words[1], CultureInfo.InvariantCulture)), _pools[^1].Number));
        }
        return this;
    }

    /// <summary>An address of a Service: its other ports are refused.</summary>
    public ServiceLab Address(string address)
    {
        _refused.Add(IPAddress.Parse(address));
        return this;
    }
}
