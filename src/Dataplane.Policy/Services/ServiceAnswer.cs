using System.Net;

namespace Dataplane.Policy.Services;

/// <summary>What becomes of a packet before policies judge it.</summary>
public enum ServiceFate
{
    /// <summary>Its destination is no Service's: it stays as it is.</summary>
    NotForService,

    /// <summary>Its destination becomes a backend.</summary>
    Translated,

    /// <summary>Answered at once: by a reset or an ICMP error.</summary>
    Refused,

    /// <summary>Without an answer.</summary>
    Dropped,
}

/// <param name="Frontend">Null where it is not known to be for a port of a Service; translated all the same where it is
/// for a <see cref="HostPortFrontend"/>.</param>
/// <param name="Backends">Those that may be chosen; none unless the packet is translated.</param>
public sealed record ServiceAnswer(ServiceFate Fate, ServiceFrontend? Frontend, IReadOnlyList<ServiceBackend> Backends);

/// <summary>Where packets of a Service are sent.</summary>
/// <param name="Endpoint">Of several with that address and port, the first.</param>
public sealed record ServiceBackend(IPAddress Address, ushort Port, ServiceEndpoint Endpoint);
