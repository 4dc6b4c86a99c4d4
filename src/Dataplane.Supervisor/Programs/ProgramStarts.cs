using System.Globalization;
using Dataplane.Kubernetes.Objects;
using Dataplane.Linux.Namespaces;
using Dataplane.Runtime.Answering;
using Dataplane.Runtime.Commands;
using Dataplane.Runtime.Launching;
using Dataplane.Runtime.Supervision;

namespace Dataplane.Supervisor.Programs;

/// <summary>What the launcher is told of a container.</summary>
internal static class ProgramStarts
{
    /// <summary>The capabilities of <c>answer</c>: to open low ports, and to become nobody.</summary>
    private const ulong OfAnswer = 1ul << 6 | 1ul << 7 | 1ul << 10;

    /// <summary>Of the memory of <c>answer</c>, in hexadecimal: 16 MiB.</summary>
    private const string HeapLimit = "0x1000000", Root = "DOTNET_ROOT";

    private static readonly string Self = Environment.ProcessPath!;

    /// <summary>Why a container is not to be started as it is, in the words of a kubelet; null: it is.</summary>
    public static string? Refusal(PodOrder order, ContainerSpec container)
    {
        var security = container.Security;
        if (!security.MustNotBeRoot || security.User > 0 || Answers(container)) return null;
        var place = $"(pod: \"{order.Name}_{order.Namespace}({order.Identity})\", container: {container.Name})";
        return security.User == 0 ? $"container's runAsUser breaks non-root policy {place}"
            : $"container has runAsNonRoot and image will run as root {place}";
    }

    /// <summary>Whether the built-in responder takes the place of a program.</summary>
    public static bool Answers(ContainerSpec container) => container.Command.Count == 0;

    public static ProgramStart Of(
        PodOrder order, ContainerSpec container, IReadOnlyList<string> memberFiles, string claim)
    {
        if (Answers(container)) return Answer(order, container, memberFiles, claim);
        var command = ContainerCommand.Of(container, order.Facts);
        return Program(order, container, command, memberFiles) with { Claim = claim };
    }

    /// <summary>Another program in a container that runs. Nothing in its command is expanded.</summary>
    public static ProgramStart Inside(PodOrder order, ContainerSpec container, IReadOnlyList<string> command,
        IReadOnlyList<string> memberFiles) => Program(order, container,
            ContainerCommand.Of(container, order.Facts) with { Arguments = command }, memberFiles);

    private static ProgramStart Program(PodOrder order, ContainerSpec container, ContainerCommand command,
        IReadOnlyList<string> memberFiles)
    {
        var security = container.Security;
        var user = (uint)(security.User ?? 0);
        return new ProgramStart(order.Netns, order.HostName, command.Arguments, command.Variables,
            container.WorkingDirectory, user, (uint)(security.Group ?? 0), [.. security.Groups.Select(g => (uint)g)],
            CapabilitiesOf(security), security.MayGain, memberFiles, null, Announces: false);
    }

    private static ProgramStart Answer(
        PodOrder order, ContainerSpec container, IReadOnlyList<string> memberFiles, string claim)
    {
        var ports = ImagePorts.Of(container).Select(p => string.Create(
            CultureInfo.InvariantCulture, $"{(p.Protocol == TransportProtocol.Udp ? "udp" : "tcp")}:{p.Number}"));
        var variables = new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = HeapLimit };
        // Where this program is not compiled ahead of time.
        if (Environment.GetEnvironmentVariable(Root) is { } root) variables[Root] = root;
        return new ProgramStart(order.Netns, order.HostName, [Self, "answer", order.Key, .. ports],
            variables, null, 0, 0, [], OfAnswer, MayGain: false, memberFiles, claim, Announces: true);
    }

    private static ulong CapabilitiesOf(ContainerSecurity security)
    {
        if (security.IsPrivileged) return CapabilitySet.All.Bits;
        var bits = security.Dropped.Any(d => d.Equals("ALL", StringComparison.OrdinalIgnoreCase)) ? 0
            : CapabilitySet.OfContainers.Bits & ~Bits(security.Dropped);
        return bits | Bits(security.Added);
    }

    private static ulong Bits(IEnumerable<string> names) =>
        names.Aggregate(0ul, (bits, name) => bits | (CapabilitySet.Named(name)?.Bits ?? 0));
}
