using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Cli.Ui;

/// <summary>Who is answered: pages of this server, in a browser of this machine, that have the token.</summary>
internal sealed class UiAccess(string token)
{
    private static readonly string[] Hosts = ["127.0.0.1", "localhost"];

    private readonly byte[] _expected = Encoding.ASCII.GetBytes($"Bearer {token}");

    /// <summary>
    /// Whether the request is meant for this server. A name that leads here only now (DNS rebinding) is another host,
    /// and a page of another site says so in Origin. A port may be another one: that of a tunnel.
    /// </summary>
    public static bool IsOurs(HttpRequest request) => Hosts.Contains(request.Host.Host)
        && request.Headers.Origin is var origin && (origin.Count == 0 || origin == $"http://{request.Host}")
        && (string?)request.Headers["Sec-Fetch-Site"] is null or "same-origin" or "none";

    public bool HasToken(HttpRequest request) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()), _expected);
}
