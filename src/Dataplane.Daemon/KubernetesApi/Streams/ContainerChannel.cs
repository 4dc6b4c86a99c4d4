namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>The first byte of each message, of the protocols v4.channel.k8s.io and v5.channel.k8s.io.</summary>
internal enum ContainerChannel : byte
{
    Input = 0,
    Output = 1,
    Errors = 2,

    /// <summary>How it ended: one metav1.Status.</summary>
    Result = 3,

    /// <summary>The size of the terminal, as JSON.</summary>
    Resize = 4,

    /// <summary>The channel of this number, in the next byte, is at its end: v5 only.</summary>
    Close = 255,
}
