using System.Collections.Immutable;
using Dataplane.Kubernetes.Objects;
using Dataplane.Planning;

namespace Dataplane.Daemon.State;

/// <summary>All that somebody wants, at one moment.</summary>
/// <param name="Generation">Counts the changes, from 0 for nothing.</param>
/// <param name="Objects">Top-level objects: a Deployment is itself, not its pods.</param>
internal sealed record DesiredState(long Generation, ImmutableSortedDictionary<ObjectKey, HeldObject> Objects, Leases Leases)
{
    public static readonly DesiredState Empty = new(0, ImmutableSortedDictionary<ObjectKey, HeldObject>.Empty, Leases.None);

    /// <summary>
    /// Why this is not all that was wanted: a part of it was lost. Null: it is. With a reason the state is empty, and everything stays
    /// closed until somebody gives the complete state again.
    /// </summary>
    public string? Lost { get; init; }

    /// <summary>Each document once, in the order of files and lines.</summary>
    public IEnumerable<HeldDocument> Documents => InOrder(Objects.Values.Select(o => o.From));

    /// <summary>The objects that a document still declares here: others of it may have been deleted or replaced.</summary>
    public IEnumerable<KubernetesObject> LeftOf(HeldDocument document) =>
        document.Objects.Where(o => Objects.TryGetValue(ObjectKey.Of(o), out var held) && ReferenceEquals(held.From, document));

    /// <summary>Each once, in the order of files and lines.</summary>
    public static IEnumerable<HeldDocument> InOrder(IEnumerable<HeldDocument> documents) => documents.Distinct(ReferenceEqualityComparer.Instance).Cast<HeldDocument>()
        .OrderBy(d => d.File, StringComparer.Ordinal).ThenBy(d => d.FirstLine);

    /// <summary>The files of the manifest directory that something here comes from.</summary>
    public IReadOnlySet<string> WatchedFiles => Objects.Values.Select(o => o.From.Watched).OfType<string>().ToHashSet();
}

/// <summary>Where two states may differ; everything else is the same object in both.</summary>
/// <param name="Pods">Names of pods whose addresses may differ.</param>
internal sealed record Touched(IReadOnlyCollection<ObjectKey> Objects, IReadOnlyCollection<string> Pods);
