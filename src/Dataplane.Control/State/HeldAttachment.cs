using Dataplane.Kubernetes.Objects;

namespace Dataplane.Control.State;

/// <summary>
/// A container that a runtime has attached. It is a pod in a network namespace of the runtime's: the pod of its name
/// that manifests declare, or else the one that its network configuration describes.
/// </summary>
/// <param name="Pod">As the network configuration describes it, with the namespace and the addresses that were asked
/// for.</param>
/// <param name="From">The pod as a document, whose file is the name's.</param>
public sealed record HeldAttachment(AttachmentName Name, PodObject Pod, HeldDocument From)
{
    /// <summary>The attachment that a document of the store describes.</summary>
    /// <exception cref="FormatException">It describes none.</exception>
    public static HeldAttachment Of(HeldDocument document) =>
        document.Objects is [PodObject { NetnsName: not null } pod]
        ? new HeldAttachment(AttachmentName.OfFile(document.File), pod, document)
        : throw new FormatException($"{document.File} is not one pod with a network namespace");

    /// <summary>The pod: what manifests say of it, in the container's network.</summary>
    /// <param name="declared">
    /// The pod of this name that manifests declare; null: there is none. One with hostNetwork is not the container.
    /// </param>
    public PodObject Bind(PodObject? declared) => declared is null or { HostNetwork: true } ? Pod : declared with
    {
        NetnsName = Pod.NetnsName,
        RequestedAddresses = Pod.RequestedAddresses.Count > 0 ? Pod.RequestedAddresses : declared.RequestedAddresses,
    };
}
