namespace Dataplane.Kubernetes.Kinds;

/// <summary>What an object of a kind that is not read does in a cluster, as far as it concerns traffic.</summary>
public enum ForeignRole
{
    /// <summary>Neither decides traffic nor makes pods. It may still carry other objects inside.</summary>
    Harmless,

    /// <summary>Decides which traffic passes, or has a name that says so: never left out silently.</summary>
    Traffic,

    /// <summary>Makes pods from <c>spec.template</c>, like a Deployment.</summary>
    Template,

    /// <summary>Makes pods that its manifest does not describe.</summary>
    Pods,

    /// <summary>Installs other objects from elsewhere: a chart, a repository, a catalogue.</summary>
    Installs,

    /// <summary>A configuration file of some program, which no API server is given.</summary>
    Configuration,

    /// <summary>Nothing is known about the kind.</summary>
    Unknown,
}
