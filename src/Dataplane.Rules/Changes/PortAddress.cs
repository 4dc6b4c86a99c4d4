using System.Net;
using Dataplane.Linux.Frames;
using Dataplane.Policy.Compilation.Tables;

namespace Dataplane.Rules.Changes;

/// <summary>An attached pod address: its bridge port, its MAC address, and the classes of the address.</summary>
public sealed record PortAddress(string Port, MacAddress Mac, AddressClasses Classes)
{
    public IPAddress Address => Classes.Address;
}
