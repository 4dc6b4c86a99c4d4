using Dataplane.Api;
using Dataplane.Api.Networks;
using Dataplane.Cni.Daemon;
using Dataplane.Cni.Ipam;
using Dataplane.Cni.Protocol;

namespace Dataplane.Cni.Commands;

/// <summary>DEL and GC: containers have gone. What is not there is no error.</summary>
internal static class DeleteCommand
{
    public static byte[] Run(NetworkConfig config, Invocation asked, IpamPlugin? ipam)
    {
        Send(config, new DetachRequest(config.Name) { Only = asked.ToMessage() });
        // The address is free once no pod has it.
        ipam?.Delete();
        return [];
    }

    /// <summary>All attachments of the network go but those that the runtime names.</summary>
    public static byte[] Collect(NetworkConfig config)
    {
        var valid = config.Valid ?? throw new CniException(ErrorCode.InvalidConfig,
            "cni.dev/valid-attachments is missing", "without it everything would be deleted; an empty list says so");
        Send(config, new DetachRequest(config.Name) { Valid = valid });
        return [];
    }

    private static void Send(NetworkConfig config, DetachRequest request) => new DaemonConnection(config.Socket)
        .Post(ApiPaths.Detach, request, CniJson.Default.DetachRequest, CniJson.Default.DetachResponse);
}
