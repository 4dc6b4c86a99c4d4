using Dataplane.Daemon.Endpoints;
using Dataplane.Daemon.Observation;
using Dataplane.Kubernetes.Loading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Host;

/// <summary>HTTP on a unix socket, and nothing else: no other listener, no files, no configuration that is read behind our back.</summary>
internal static class ApiServer
{
    private const int MaxConnections = 256;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <param name="access">Asked for each connection: a reload may change it.</param>
    public static WebApplication Build(DaemonContext context, Func<AccessPolicy> access)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "dataplane" });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Limit(kestrel, context.Options.Socket, access));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(context.Logs);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Grace);
        // Signals are ours: see DaemonHost.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        var errors = new ErrorResponses(context.Logs.CreateLogger<ErrorResponses>());
        app.Use(errors.Handle);
        app.Use(AccessControl.Handle);
        app.UseRouting();
        Map(app, context);
        return app;
    }

    /// <summary>Every group of paths has a file of its own.</summary>
    private static void Map(IEndpointRouteBuilder routes, DaemonContext context)
    {
        routes.MapChanges(context);
        routes.MapReading(context);
        routes.MapVerify(context);
        routes.MapFlows(context.Observatory);
        routes.MapCapture(context);
        routes.MapTrace(context);
        routes.MapMetrics(context.Observatory);
        routes.MapOpenApi();
    }

    private static void Limit(KestrelServerOptions kestrel, string socket, Func<AccessPolicy> access)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxRequestBodySize = ManifestLoader.MaxFileBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        // Half a request, and a reader that never reads, hold a connection for as long as this.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: Grace);
        // Time is given by the byte: at a low rate the buffers alone would be good for minutes.
        kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 64 << 10, gracePeriod: Grace);
        var control = new AccessControl();
        kestrel.ListenUnixSocket(socket, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => control.Admit(connection, access(), next));
        });
    }

    /// <summary>Starts and stops when it is told.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
