using Dataplane.Daemon.Endpoints;
using Dataplane.Daemon.Host;
using Dataplane.Kubernetes.Loading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon;

/// <summary>
/// HTTP on a unix socket and nothing else: no other listener, no static files, no configuration from files or the
/// environment.
/// </summary>
internal static class ApiServer
{
    private const int MaxConnections = 256;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <param name="access">Called for each connection: a reload may change the policy.</param>
    public static WebApplication Build(DaemonContext context, Func<AccessPolicy> access)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "dataplane",
            // No files are served; the current directory may be gone.
            ContentRootPath = "/",
        });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Limit(kestrel, context.Options.Socket, access));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(context.Logs);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Grace);
        // DaemonHost handles the signals.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        var errors = new ErrorResponses(context.Logs.CreateLogger<ErrorResponses>());
        app.Use(errors.Handle);
        app.Use(AccessControl.Handle);
        app.UseRouting();
        Map(app, context);
        return app;
    }

    /// <summary>Each group of paths has a file of its own in Endpoints.</summary>
    private static void Map(IEndpointRouteBuilder routes, DaemonContext context)
    {
        routes.MapChanges(context);
        routes.MapState(context);
        routes.MapObjects(context);
        routes.MapAttachments(context);
        routes.MapVerify(context);
        routes.MapFlows(context);
        routes.MapFollowedChanges(context);
        routes.MapCapture(context);
        routes.MapLog(context);
        routes.MapTrace(context);
        routes.MapKubeconfig(context);
        routes.MapMetrics(context);
        routes.MapOpenApi();
    }

    private static void Limit(KestrelServerOptions kestrel, string socket, Func<AccessPolicy> access)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxRequestBodySize = ManifestLoader.MaxFileBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        // Half a request, or a reader that never reads, holds a connection for this long at most.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: Grace);
        // The time limit grows with the bytes to send: at a low rate the buffers alone would allow minutes.
        kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 64 << 10, gracePeriod: Grace);
        var control = new AccessControl();
        kestrel.ListenUnixSocket(socket, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => control.Admit(connection, access(), next));
        });
    }
}
