namespace Dataplane.Daemon.Configuration;

/// <summary>Who runs the programs of pods.</summary>
public enum RuntimeKind
{
    /// <summary>Nobody: a pod is a network namespace, and is ready as its manifest says.</summary>
    None,

    /// <summary>A supervisor, as processes of this machine.</summary>
    Process,
}
