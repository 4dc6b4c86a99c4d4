using Dataplane.Kubernetes.Objects;

namespace Dataplane.Cli.Get;

/// <summary>Probes in the words of kubectl describe (DescribeProbe).</summary>
internal static class ProbeText
{
    /// <summary>Each probe of a container.</summary>
    public static IEnumerable<(string Title, string Text)> Of(PodPrograms programs, string container)
    {
        var spec = programs.Init.Concat(programs.Containers).FirstOrDefault(c => c.Name == container);
        foreach (var (title, probe) in new[]
        {
            ("Liveness:", spec?.Liveness), ("Readiness:", spec?.Readiness), ("Startup:", spec?.Startup),
        })
        {
            if (probe is not null) yield return (title, Of(probe));
        }
    }

    private static string Of(ContainerProbe probe) => $"{Of(probe.Action)} delay={probe.DelaySeconds}s "
        + $"timeout={probe.TimeoutSeconds}s period={probe.PeriodSeconds}s #success={probe.Successes} "
        + $"#failure={probe.Failures}";

    private static string Of(ContainerAction action) => action switch
    {
        ContainerAction.Exec exec => $"exec [{string.Join(' ', exec.Command)}]",
        ContainerAction.Http http =>
            $"http-get {(http.IsTls ? "https" : "http")}://{http.Host}:{Port(http.Port)}{http.Path}",
        ContainerAction.Tcp tcp => $"tcp-socket {tcp.Host}:{Port(tcp.Port)}",
        _ => "sleep",
    };

    private static string Port(ActionPort port) => port.Name ?? $"{port.Number}";
}
