using System.Net;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Services.Indexes;

/// <summary>The objects that list addresses, by Service and by address.</summary>
internal sealed class ListingIndex
{
    private const string NotMirrored = "endpointslice.kubernetes.io/skip-mirror";

    private readonly Dictionary<string, List<EndpointsObject>> _byService = [];
    private readonly Dictionary<IPAddress, List<EndpointsObject>> _byAddress = [];

    public void Add(EndpointsObject listing)
    {
        if (ServiceOf(listing) is not { } service) return;
        Add(_byService, service, listing);
        foreach (var address in AddressesOf(listing)) Add(_byAddress, address, listing);
    }

    public void Remove(EndpointsObject listing)
    {
        if (ServiceOf(listing) is not { } service) return;
        Remove(_byService, service, listing);
        foreach (var address in AddressesOf(listing)) Remove(_byAddress, address, listing);
    }

    /// <summary>The full name of the Service; null: none is meant.</summary>
    public static string? ServiceOf(EndpointsObject listing) =>
        listing.Service is { } name ? $"{listing.Namespace}/{name}" : null;

    /// <summary>The full names of the Services for which objects list the address.</summary>
    public IEnumerable<string> ServicesAt(IPAddress address) =>
        (_byAddress.GetValueOrDefault(address) ?? []).Select(listing => ServiceOf(listing)!);

    /// <summary>
    /// Those that count: with a selector, slices that no controller wrote; without, all, but for Endpoints that no
    /// slice mirrors.
    /// </summary>
    public IEnumerable<EndpointsObject> Of(ServiceObject service)
    {
        foreach (var listing in _byService.GetValueOrDefault(service.FullName) ?? [])
        {
            var isSlice = listing.ObjectKind == ObjectKinds.EndpointSlice;
            if (service.Selector.Count > 0 ? isSlice && !listing.IsManaged
                : isSlice || listing.Labels.GetValueOrDefault(NotMirrored) != "true")
            {
                yield return listing;
            }
        }
    }

    private static IEnumerable<IPAddress> AddressesOf(EndpointsObject listing) =>
        listing.Subsets.SelectMany(subset => subset.Addresses).Select(address => address.Address).Distinct();

    private static void Add<TKey>(Dictionary<TKey, List<EndpointsObject>> index, TKey key, EndpointsObject listing)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var listings)) index[key] = listings = [];
        listings.Add(listing);
    }

    private static void Remove<TKey>(Dictionary<TKey, List<EndpointsObject>> index, TKey key, EndpointsObject listing)
        where TKey : notnull
    {
        if (index.TryGetValue(key, out var listings) && listings.RemoveAll(l => ReferenceEquals(l, listing)) > 0
            && listings.Count == 0)
        {
            index.Remove(key);
        }
    }
}
