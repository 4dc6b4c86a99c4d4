using System.Net;

namespace Dataplane.Services.Pools;

/// <summary>What makes a backend one and the same, in whatever pools.</summary>
internal readonly record struct BackendAddress(IPAddress Address, ushort Port);
