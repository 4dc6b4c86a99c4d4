using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Foreign;

/// <summary>What documents hold: the objects that were read, and what is known of the others.</summary>
internal sealed class ReadOutcome
{
    public List<KubernetesObject> Objects { get; } = [];

    /// <summary>Those of the objects with an error of their own: what they say is not certain.</summary>
    public HashSet<KubernetesObject> Broken { get; } = [];

    /// <summary>What the objects that were not read, or read with errors, could be.</summary>
    public List<Unseen> Unseen { get; } = [];

    /// <summary>Those of the objects that could name a namespace and name none.</summary>
    public List<KubernetesObject> Unplaced { get; } = [];

    /// <summary>Documents that are plainly no Kubernetes objects.</summary>
    public List<YamlNode> NoObjects { get; } = [];

    /// <summary>Objects that are left out because the code of their error is ignored.</summary>
    public List<YamlNode> LeftOut { get; } = [];

    /// <summary>Objects seen, read or not, empty lists included: zero means the text holds nothing.</summary>
    public int Seen { get; set; }

    public void Add(ReadOutcome other)
    {
        Objects.AddRange(other.Objects);
        Broken.UnionWith(other.Broken);
        Unplaced.AddRange(other.Unplaced);
        Unseen.AddRange(other.Unseen);
        NoObjects.AddRange(other.NoObjects);
        LeftOut.AddRange(other.LeftOut);
        Seen += other.Seen;
    }
}
