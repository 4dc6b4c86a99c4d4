using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation.Sets;

namespace Dataplane.Services.Indexes;

/// <summary>Which entries, each with the selector of a Service, may select a pod.</summary>
internal sealed class SelectorIndex<T>(PodIndex pods)
    where T : class
{
    private readonly Dictionary<string, LabelIndex<T>> _byNamespace = [];

    /// <summary>The label under which pods find an entry.</summary>
    private readonly Dictionary<T, (string Key, string Value)> _labels = new(ReferenceEqualityComparer.Instance);

    /// <summary>Without a selector it is found by no pod.</summary>
    public void Add(T entry, ServiceObject service)
    {
        if (pods.RarestLabel(service) is not { } label) return;
        if (!_byNamespace.TryGetValue(service.Namespace, out var entries))
            _byNamespace[service.Namespace] = entries = new LabelIndex<T>();
        entries.Add(entry, [label]);
        _labels.Add(entry, label);
    }

    /// <param name="service">That it was added with.</param>
    public void Remove(T entry, ServiceObject service)
    {
        if (_labels.Remove(entry, out var label)) _byNamespace[service.Namespace].Remove(entry, [label]);
    }

    /// <summary>Whether one selects the pod indeed is asked by the caller.</summary>
    public IEnumerable<T> For(PodObject pod) =>
        _byNamespace.TryGetValue(pod.Namespace, out var entries) ? entries.For(pod.Labels) : [];
}
