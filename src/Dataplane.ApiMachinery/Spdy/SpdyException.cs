namespace Dataplane.ApiMachinery.Spdy;

/// <summary>The peer broke the rules of SPDY/3.1 or a bound of this side: the connection cannot go on.</summary>
internal sealed class SpdyException(string message) : Exception(message);
