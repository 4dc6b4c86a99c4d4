using System.Reflection;

namespace Dataplane.Daemon.Host;

/// <summary>The version of the program that runs the daemon.</summary>
internal static class DaemonVersion
{
    public static string Text { get; } = (Assembly.GetEntryAssembly() ?? typeof(DaemonVersion).Assembly)
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
