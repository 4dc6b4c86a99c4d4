using System.Net;
using System.Security.Cryptography.X509Certificates;
using Dataplane.Daemon.Endpoints;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.KubernetesApi.Changes;
using Dataplane.Daemon.KubernetesApi.Requests;
using Dataplane.Daemon.KubernetesApi.Security;
using Dataplane.Daemon.KubernetesApi.Serving;
using Dataplane.Daemon.KubernetesApi.Shaping;
using Dataplane.Daemon.KubernetesApi.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.KubernetesApi;

/// <summary>
/// The Kubernetes API over HTTPS, for kubectl and the like: on loopback with a token, elsewhere with certificates of
/// clients too.
/// </summary>
internal sealed partial class KubernetesApiServer : IAsyncDisposable
{
    private const int MaxConnections = 512;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly ServedState _served;

    private KubernetesApiServer(WebApplication app, ServedState served) => (_app, _served) = (app, served);

    /// <summary>Returns when requests are answered.</summary>
    /// <exception cref="IOException">The address is taken, or the files of the API cannot be written.</exception>
    public static async Task<KubernetesApiServer> StartAsync(DaemonContext context, IPEndPoint at,
        CancellationToken stop)
    {
        var identity = ApiIdentity.Open(context.Options.StateDirectory, at.Address);
        var served = ServedState.Start(context);
        var app = Build(context, at, identity, served);
        try
        {
            await app.StartAsync(stop);
        }
        catch
        {
            await app.DisposeAsync();
            await served.DisposeAsync();
            throw;
        }
        var bound = new IPEndPoint(at.Address, new Uri(app.Urls.First()).Port);
        identity.WriteKubeconfigs(bound, context.Options.NodeName);
        Serving(context.Logs.CreateLogger<KubernetesApiServer>(), bound, identity.KubeconfigPath);
        return new KubernetesApiServer(app, served);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _served.DisposeAsync();
    }

    private static WebApplication Build(DaemonContext context, IPEndPoint at, ApiIdentity identity, ServedState served)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "dataplane",
            ContentRootPath = "/",
        });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Limit(kestrel, context, at, identity));
        builder.Services.AddSingleton(context.Logs);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Grace);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        app.UseWebSockets();
        var bodies = new Bodies();
        var objects = new ObjectEndpoint(served, new ObjectWriter(context.Reconciler, served), bodies);
        var pods = new PodRequests(new PodStreams(context));
        var dispatcher = new Dispatcher(served, new ApiAccess(identity), objects, pods, bodies,
            context.Logs.CreateLogger<Dispatcher>());
        app.Run(dispatcher.Handle);
        return app;
    }

    private static void Limit(KestrelServerOptions kestrel, DaemonContext context, IPEndPoint at, ApiIdentity identity)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = MaxConnections;
        kestrel.Limits.MaxRequestBodySize = Bodies.MaxBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        // Half a request holds a connection for this long at most.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: Grace);
        kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 16 << 10, gracePeriod: Grace);
        var authority = context.Options.KubernetesApiClientAuthority is { } file
            ? X509CertificateLoader.LoadCertificateFromFile(file) : null;
        kestrel.Listen(at, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = identity.Server,
                HandshakeTimeout = TimeSpan.FromSeconds(5),
                ClientCertificateMode = authority is null ? ClientCertificateMode.NoCertificate
                    : ClientCertificateMode.RequireCertificate,
                ClientCertificateValidation = (certificate, _, _) => authority is not null
                    && IsOf(certificate, authority),
            });
        });
    }

    private static bool IsOf(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.2"));
        return chain.Build(certificate);
    }

    [LoggerMessage(342, LogLevel.Information, "the Kubernetes API listens on https://{At}; export KUBECONFIG={Path}")]
    private static partial void Serving(ILogger log, IPEndPoint at, string path);
}
