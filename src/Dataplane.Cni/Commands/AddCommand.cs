using Dataplane.Api;
using Dataplane.Api.Networks;
using Dataplane.Cni.Daemon;
using Dataplane.Cni.Ipam;
using Dataplane.Cni.Protocol;
using Dataplane.Cni.Results;

namespace Dataplane.Cni.Commands;

/// <summary>ADD: a container becomes a pod.</summary>
internal static class AddCommand
{
    public static byte[] Run(NetworkConfig config, Invocation asked, IpamPlugin? ipam)
    {
        if (!File.Exists(asked.Netns))
            throw new CniException(ErrorCode.UnknownContainer, $"CNI_NETNS={asked.Netns}: there is no such file");
        var before = config.Previous?["interfaces"]?.Items ?? [];
        if (before.Any(i => i["name"]?.String == asked.Interface && i["sandbox"] is not null))
            throw new CniException(ErrorCode.InvalidConfig, $"prevResult has the interface {asked.Interface} already");
        var daemon = new DaemonConnection(config.Socket);
        if (ipam is null)
            return ResultWriter.Write(config, Attach(daemon, config, asked, config.Addresses), asked.Netns!);
        // host-local refuses a second ADD: the addresses of the first one are asked for again.
        if (AddressesOf(daemon, config, asked) is { Count: > 0 } held)
            return ResultWriter.Write(config, Attach(daemon, config, asked, held), asked.Netns!);
        // Nothing is assigned while nobody can use it.
        var assigned = ipam.Add();
        try
        {
            return ResultWriter.Write(config, Attach(daemon, config, asked, assigned), asked.Netns!);
        }
        catch (CniException)
        {
            Release(ipam);
            throw;
        }
    }

    private static AttachmentEntry Attach(
        DaemonConnection daemon, NetworkConfig config, Invocation asked, IReadOnlyList<string> addresses)
    {
        var request = new AttachRequest(config.Name, asked.Container, asked.Interface, asked.Netns!,
            asked.Pod.Namespace ?? config.Namespace, asked.Pod.NameFor(asked.Container))
        {
            Labels = config.Labels.ToDictionary(l => l.Name, l => l.Value.String!),
            Addresses = addresses,
            Replace = asked.Pod.IsPod,
        };
        var pod = daemon.Post(
            ApiPaths.Attachments, request, CniJson.Default.AttachRequest, CniJson.Default.AttachmentEntry);
        return pod.Enforced ? pod : throw new CniException(ErrorCode.TryAgainLater,
            $"pod {pod.Pod} is not enforced yet, and is closed", "dataplane status says why");
    }

    private static List<string> AddressesOf(DaemonConnection daemon, NetworkConfig config, Invocation asked) =>
        [.. Attached.Find(daemon, config, asked)?.Addresses.Select(a => a.Address) ?? []];

    private static void Release(IpamPlugin ipam)
    {
        try
        {
            ipam.Delete();
        }
        catch (CniException)
        {
            // The first failure is told; DEL, which the runtime sends after it, releases again.
        }
    }
}
