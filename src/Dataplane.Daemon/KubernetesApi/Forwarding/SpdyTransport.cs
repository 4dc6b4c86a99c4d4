using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Dataplane.ApiMachinery.Statuses;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dataplane.Daemon.KubernetesApi.Forwarding;

/// <summary>
/// The bytes of a SPDY connection: within a WebSocket (kubectl since 1.31), or on the connection itself.
/// </summary>
internal static class SpdyTransport
{
    private const string Spdy = "SPDY/3.1", Tunnel = "SPDY/3.1+", Versions = "X-Stream-Protocol-Version";
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    /// <summary>Answers that the protocol changes.</summary>
    /// <param name="protocol">What the streams mean: <c>portforward.k8s.io</c>.</param>
    /// <exception cref="StatusException">The client does not ask for it.</exception>
    public static async Task<Stream> AcceptAsync(HttpContext http, string protocol)
    {
        if (http.WebSockets.IsWebSocketRequest)
        {
            if (!http.WebSockets.WebSocketRequestedProtocols.Contains(Tunnel + protocol)) throw Unwanted(protocol);
            var tunnel = await ShakeHandsAsync(http, Tunnel + protocol);
            return WebSocketStream.Create(tunnel, WebSocketMessageType.Binary, Farewell);
        }
        if (http.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade
            || !string.Equals(http.Request.Headers.Upgrade, Spdy, StringComparison.OrdinalIgnoreCase)
            || !http.Request.Headers.GetCommaSeparatedValues(Versions).Contains(protocol))
        {
            throw Unwanted(protocol);
        }
        http.Response.Headers.Upgrade = Spdy;
        http.Response.Headers[Versions] = protocol;
        return await upgrade.UpgradeAsync();
    }

    /// <summary>RFC 6455, section 4.2.2; the framework's own refuses the slash in the name of the protocol.</summary>
    private static async Task<WebSocket> ShakeHandsAsync(HttpContext http, string protocol)
    {
        var headers = http.Response.Headers;
        headers.Upgrade = "websocket";
        headers.SecWebSocketProtocol = protocol;
#pragma warning disable CA5350 // The RFC wants this sum; nothing is secret.
        headers.SecWebSocketAccept = Convert.ToBase64String(
            SHA1.HashData(Encoding.ASCII.GetBytes($"{http.Request.Headers.SecWebSocketKey}{KeySuffix}")));
#pragma warning restore CA5350
        var stream = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        return WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
    }

    private static StatusException Unwanted(string protocol) => StatusException.BadRequest(
        $"Upgrade request required: a WebSocket of {Tunnel}{protocol}, or {Spdy} with {Versions}: {protocol}");
}
