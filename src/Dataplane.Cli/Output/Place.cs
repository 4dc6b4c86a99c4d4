namespace Dataplane.Cli.Output;

/// <summary>Text for an endpoint with its port.</summary>
internal static class Place
{
    /// <summary>
    /// <c>x/a:80</c>, <c>192.0.2.1:80</c>, <c>[2001:db8::1]:80</c>; without a port (0) the name alone.
    /// </summary>
    public static string Of(string name, int port) =>
        port == 0 ? name : name.Contains(':', StringComparison.Ordinal) ? $"[{name}]:{port}" : $"{name}:{port}";
}
