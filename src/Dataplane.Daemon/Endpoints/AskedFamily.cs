using System.Net.Sockets;
using Dataplane.Daemon.Host;

namespace Dataplane.Daemon.Endpoints;

/// <summary>The address family that a request asks for.</summary>
internal static class AskedFamily
{
    /// <returns>Null for null: any family.</returns>
    /// <exception cref="ApiProblem">The number is neither 4 nor 6.</exception>
    public static AddressFamily? Of(int? number) => number switch
    {
        null => null,
        4 => AddressFamily.InterNetwork,
        6 => AddressFamily.InterNetworkV6,
        _ => throw Problems.BadRequest("family: 4 or 6"),
    };
}
