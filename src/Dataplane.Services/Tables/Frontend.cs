using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Services.Tables;

/// <summary>From where a packet to a Service comes: the two may lead to different pools.</summary>
public enum FrontendSide
{
    /// <summary>From a pod of this node, or from the node itself.</summary>
    Inside,

    /// <summary>From any other machine.</summary>
    Outside,
}

/// <summary>What a packet has as its destination that is for a Service.</summary>
/// <param name="Address">Null: the node's own addresses of the family (a NodePort).</param>
/// <param name="Protocol">TCP, UDP or SCTP.</param>
public readonly record struct Frontend(
    FrontendSide Side, AddressFamily Family, IPAddress? Address, FlowProtocol Protocol, ushort Port);
