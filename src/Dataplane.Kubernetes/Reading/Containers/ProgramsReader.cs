using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;

namespace Dataplane.Kubernetes.Reading.Containers;

/// <summary>What runs in a pod, container by container.</summary>
internal sealed class ProgramsReader
{
    private static readonly string[] RestartPolicies = ["Always", "OnFailure", "Never"];

    private readonly MappingReader _spec;
    private readonly UndoneParts _undone = new();
    private readonly ContainerSecurity _security;
    private readonly List<ContainerSpec> _init = [], _containers = [];

    /// <param name="spec">A PodSpec.</param>
    public ProgramsReader(MappingReader spec) => (_spec, _security) = (spec, SecurityReader.OfPod(spec, _undone));

    /// <param name="ports">Those that the container declares.</param>
    public void Add(MappingReader container, string name, IReadOnlyList<DeclaredPort> ports, bool isInit) =>
        (isInit ? _init : _containers)
            .Add(ContainerReader.Read(container, name, isInit, ports, _security, _undone));

    public PodPrograms Finish()
    {
        _undone.Report();
        var policy = _spec.Filled("restartPolicy") is { } word ? Words.Read(word, RestartPolicies) : null;
        return PodPrograms.Shared(new PodPrograms
        {
            Init = _init.Count == 0 ? EqualList<ContainerSpec>.None : new(_init),
            Containers = new(_containers),
            RestartPolicy = policy is null ? RestartPolicy.Always : Enum.Parse<RestartPolicy>(policy),
            GraceSeconds = Scalars.Number(_spec, "terminationGracePeriodSeconds", 0)
                ?? PodPrograms.DefaultGraceSeconds,
            DeadlineSeconds = Scalars.Number(_spec, "activeDeadlineSeconds", 1),
        });
    }
}
