using Dataplane.Api;
using Dataplane.Api.Networks;
using Dataplane.Cni.Daemon;
using Dataplane.Cni.Protocol;

namespace Dataplane.Cni.Commands;

/// <summary>What the daemon has of a container.</summary>
internal static class Attached
{
    /// <summary>Null: nothing, or its namespace has gone.</summary>
    public static AttachmentEntry? Find(DaemonConnection daemon, NetworkConfig config, Invocation asked) =>
        daemon.Get($"{ApiPaths.Attachments}?container={asked.Container}", CniJson.Default.AttachmentsResponse)
            .Attachments.FirstOrDefault(a => !a.Gone && a.Network == config.Name && a.Interface == asked.Interface);
}
