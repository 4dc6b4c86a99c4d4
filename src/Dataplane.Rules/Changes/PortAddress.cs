using System.Net;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Policy.Compilation.Tables;

namespace Dataplane.Rules.Changes;

/// <summary>An attached pod address: its bridge port, its MAC address, and the classes of the address.</summary>
/// <param name="Port">
/// The interface index of the port. Its name would be no identity: a link that is deleted leaves its name to any other.
/// </param>
public sealed record PortAddress(InterfaceIndex Port, MacAddress Mac, AddressClasses Classes)
{
    public IPAddress Address => Classes.Address;
}
