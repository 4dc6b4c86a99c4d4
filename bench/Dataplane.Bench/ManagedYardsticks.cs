using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using YamlDotNet.RepresentationModel;

namespace Dataplane.Bench;

/// <summary>
/// What the runtime, ASP.NET and the YAML library take by themselves: programs as small as can be, in the file of this
/// one so that they are compiled and published as it is, each started as a process with the daemon's settings of the
/// collector.
/// </summary>
internal static class ManagedYardsticks
{
    /// <summary>The first argument of this program where it is to be one of them.</summary>
    public const string Verb = "yardstick";

    private const string Host = "host", BareHost = "bare-host", Parse = "parse";

    /// <param name="arguments">Which one, and its path.</param>
    /// <returns>The exit code.</returns>
    public static int Be(ReadOnlySpan<string> arguments)
    {
        switch (arguments)
        {
            case [Host, var socket]:
                BeHost(WebApplication.CreateBuilder(), socket);
                return 0;
            case [BareHost, var socket]:
                BeHost(WebApplication.CreateEmptyBuilder(new WebApplicationOptions()), socket);
                return 0;
            case [Parse, var file]:
                return BeParser(file);
            default:
                return 2;
        }
    }

    /// <summary>The host of <c>dotnet new web</c>, which answers one path, on a unix socket.</summary>
    public static NotifyingProcess StartHost(string directory) =>
        new(directory, Start(Host, Path.Combine(directory, "host.sock")));

    /// <summary>
    /// The least that can be called a host: Kestrel and a router, without configuration, logs or signals.
    /// </summary>
    public static NotifyingProcess StartBareHost(string directory) =>
        new(directory, Start(BareHost, Path.Combine(directory, "bare.sock")));

    /// <summary>
    /// Milliseconds from the start to the end of a program that reads a YAML file into the library's own nodes.
    /// </summary>
    public static double ParseMilliseconds(string file) => Figures.Milliseconds(() =>
    {
        using var process = Process.Start(Start(Parse, file))!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"the parser of {file} ended with {process.ExitCode}");
    });

    private static ProcessStartInfo Start(string which, string path) =>
        new(Environment.ProcessPath!, [Verb, which, path])
        {
            // System.GC.Gen0MaxBudget and LOHThreshold of the program's project file, in hexadecimal.
            Environment = { ["DOTNET_GCgen0MaxBudget"] = $"{6_291_456:x}", ["DOTNET_GCLOHThreshold"] = $"{262_144:x}" },
        };

    private static void BeHost(WebApplicationBuilder builder, string socket)
    {
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket));
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.UseRouting();
        app.MapGet("/", context => context.Response.WriteAsync("empty"));
        app.Start();
        using (var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified))
        {
            manager.SendTo(Encoding.UTF8.GetBytes("READY=1"),
                new UnixDomainSocketEndPoint(Environment.GetEnvironmentVariable("NOTIFY_SOCKET")!));
        }
        Thread.Sleep(Timeout.Infinite);
    }

    private static int BeParser(string file)
    {
        var stream = new YamlStream();
        using (var reader = new StreamReader(file)) stream.Load(reader);
        return stream.Documents.Count > 0 ? 0 : 1;
    }
}
