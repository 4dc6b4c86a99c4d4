using Dataplane.Api;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.Host;

/// <summary>Asks the kernel who is at the other end: once for each connection, before its first byte is read.</summary>
internal sealed class AccessControl
{
    /// <summary>
    /// Maximum numbers of connections at a time. Those who may do everything always find a place, whatever the others
    /// do.
    /// </summary>
    private const int MaxReaders = 128, MaxStrangers = 16;

    private const string LogSuffix = "/log";

    private int _readers, _strangers;

    private sealed record Admission(Access Access, PeerCredentials Peer);

    public async Task Admit(ConnectionContext connection, AccessPolicy policy, ConnectionDelegate next)
    {
        var socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket
            ?? throw new InvalidOperationException("a connection without a socket");
        var peer = PeerCredentials.Of(socket);
        var access = policy.Of(peer);
        connection.Features.Set(new Admission(access, peer));
        if (access == Access.Everything)
        {
            await next(connection);
            return;
        }
        var most = access == Access.Read ? MaxReaders : MaxStrangers;
        try
        {
            // Beyond the limit the connection is closed, as the server does beyond its own.
            if (Interlocked.Increment(ref Places(access)) <= most) await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref Places(access));
        }
    }

    /// <summary>Refuses what the connection's user may not do. Nothing of a body has been read yet.</summary>
    /// <exception cref="ApiProblem">Permission denied.</exception>
    public static Task Handle(HttpContext http, RequestDelegate next)
    {
        var admission = http.Features.Get<Admission>();
        if (admission?.Access == Access.Everything || (admission?.Access == Access.Read && IsRead(http.Request)))
            return next(http);
        // A refused client does not keep a connection.
        http.Response.Headers.Connection = "close";
        throw Problems.Forbidden(admission?.Access == Access.Read
            ? $"user {admission.Peer.Uid} may read only; root and the members of adminGroup may change and capture"
            : $"user {admission?.Peer.Uid} is neither root nor a member of a configured group");
    }

    /// <summary>A capture shows what pods say to each other, a log what a program says, and the configuration of
    /// kubectl
    /// holds a token: none of them is a read.</summary>
    private static bool IsRead(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !request.Path.StartsWithSegments(ApiPaths.Capture) && !request.Path.StartsWithSegments(ApiPaths.Kubeconfig)
        && request.Path.Value?.EndsWith(LogSuffix, StringComparison.OrdinalIgnoreCase) is not true;

    private ref int Places(Access access)
    {
        if (access == Access.Read) return ref _readers;
        return ref _strangers;
    }
}
