using Dataplane.Daemon.Api;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.Host;

/// <summary>Asks the kernel who is at the other end: once a connection, before a byte of it is read.</summary>
internal sealed class AccessControl
{
    /// <summary>Connections at a time: who may do everything finds a place whatever the others do.</summary>
    private const int MaxReaders = 128, MaxStrangers = 16;

    private int _readers, _strangers;

    private sealed record Admission(Access Access, PeerCredentials Peer);

    public async Task Admit(ConnectionContext connection, AccessPolicy policy, ConnectionDelegate next)
    {
        var socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket ?? throw new InvalidOperationException("a connection without a socket");
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
            // Beyond that it is hung up, as the server does with everybody's.
            if (Interlocked.Increment(ref Places(access)) <= most) await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref Places(access));
        }
    }

    private ref int Places(Access access)
    {
        if (access == Access.Read) return ref _readers;
        return ref _strangers;
    }

    /// <summary>Nothing of a body has been read yet.</summary>
    public static Task Handle(HttpContext http, RequestDelegate next)
    {
        var admission = http.Features.Get<Admission>();
        // A capture shows what pods say to each other.
        var isRead = (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) && !http.Request.Path.StartsWithSegments(ApiPaths.Capture);
        if (admission?.Access == Access.Everything || (admission?.Access == Access.Read && isRead)) return next(http);
        // Whoever is refused does not keep one of the connections.
        http.Response.Headers.Connection = "close";
        throw Problems.Forbidden(admission?.Access == Access.Read
            ? $"user {admission.Peer.Uid} may read only; root and the members of adminGroup may change and capture"
            : $"user {admission?.Peer.Uid} is neither root nor a member of a configured group");
    }
}
