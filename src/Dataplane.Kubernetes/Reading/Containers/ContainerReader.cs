using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Containers;

/// <summary>core/v1 Container, but for its name and ports: what runs and how.</summary>
internal static class ContainerReader
{
    private static readonly string[] Probes = ["readinessProbe", "livenessProbe", "startupProbe"];

    private static readonly string[] PullPolicies = ["Always", "Never", "IfNotPresent"];

    private static readonly string[] RestartPolicies = ["Always", "OnFailure", "Never"];

    /// <param name="isInit">It has probes and a lifecycle only where it stays.</param>
    /// <param name="pod">What the pod says for all its containers.</param>
    public static ContainerSpec Read(MappingReader container, string name, bool isInit,
        IReadOnlyList<DeclaredPort> ports, ContainerSecurity pod, UndoneParts undone)
    {
        var isSidecar = ReadRestart(container, isInit, undone);
        if (isInit && !isSidecar)
        {
            RefuseWhatStays(container);
        }
        if (container.Filled("imagePullPolicy") is { } pull)
        {
            _ = Words.Read(pull, PullPolicies);
        }
        foreach (var flag in (string[])["stdin", "stdinOnce", "tty"])
        {
            _ = Scalars.Flag(container, flag);
        }
        var actions = new ActionReader(ports, undone);
        return new ContainerSpec(SharedStrings.Of(name))
        {
            Image = SharedStrings.Of(ImageOf(container)),
            Command = Scalars.Texts(container, "command"),
            Arguments = Scalars.Texts(container, "args"),
            WorkingDirectory = container.Filled("workingDir")?.String(),
            Environment = EnvironmentReader.Read(container, undone),
            Ports = ports.Count == 0 ? EqualList<DeclaredPort>.None : new(ports),
            IsSidecar = isSidecar,
            Security = SecurityReader.OfContainer(container, pod),
            Limits = LimitsReader.Read(container),
            Readiness = ProbeReader.Read(container, Probes[0], actions),
            Liveness = ProbeReader.Read(container, Probes[1], actions),
            Startup = ProbeReader.Read(container, Probes[2], actions),
            PreStop = PreStopOf(container, actions, undone),
        };
    }

    private static bool ReadRestart(MappingReader container, bool isInit, UndoneParts undone)
    {
        if (container.Field("restartPolicy") is not { } field || Words.Read(field, RestartPolicies) is not { } word)
        {
            return false;
        }
        if (isInit && word == "Always")
        {
            return true;
        }
        undone.Add(field, $"restartPolicy {word} of a container");
        return false;
    }

    private static void RefuseWhatStays(MappingReader container)
    {
        foreach (var field in (string[])[.. Probes, "lifecycle"])
        {
            if (container.Field(field) is not null)
            {
                container.Key(field).Error(Codes.InvalidValue,
                    $"{container.Self.Path.Field(field)} is only for init containers with `restartPolicy: Always`",
                    "this one ends before the others start", "the API server refuses the object", "remove it");
            }
        }
    }

    private static string ImageOf(MappingReader container)
    {
        if (container.Field("image") is not { } field || field.String() is not { } image)
        {
            return "";
        }
        if (image.Trim() != image)
        {
            field.Error(Codes.InvalidValue, $"{field.Path} begins or ends with a space", "spaces are part of no name",
                help: "remove the spaces", fix: field.Replaced(YamlText.Word(image.Trim())));
        }
        return image;
    }

    private static ContainerAction? PreStopOf(MappingReader container, ActionReader actions, UndoneParts undone)
    {
        if (container.Field("lifecycle")?.Mapping(ContainerFields.Lifecycle) is not { } lifecycle)
        {
            return null;
        }
        if (lifecycle.Field("postStart") is { } start && start.Mapping(ContainerFields.Handler) is { } handler
            && actions.Read(handler, "postStart") is not null)
        {
            undone.Add(lifecycle.Key("postStart"), "lifecycle.postStart");
        }
        if (lifecycle.Field("stopSignal") is not null)
        {
            undone.Add(lifecycle.Key("stopSignal"), "lifecycle.stopSignal");
        }
        return lifecycle.Field("preStop")?.Mapping(ContainerFields.Handler) is { } stop
            ? actions.Read(stop, "preStop") : null;
    }
}
