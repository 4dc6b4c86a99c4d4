using System.Collections.Immutable;
using Dataplane.Kubernetes.Objects;
using Dataplane.Planning;

namespace Dataplane.Control.State;

/// <summary>The complete desired state at one moment. Immutable.</summary>
/// <param name="Generation">Number of changes so far; 0 for the empty state at the beginning.</param>
/// <param name="Objects">Top-level objects: a Deployment is held itself, its pods are not.</param>
public sealed record DesiredState(
    long Generation, ImmutableSortedDictionary<ObjectKey, HeldObject> Objects, Leases Leases)
{
    public static readonly DesiredState Empty =
        new(0, ImmutableSortedDictionary<ObjectKey, HeldObject>.Empty, Leases.None);

    /// <summary>
    /// Why the state is not complete: a part of it was lost. Null: it is complete. With a reason the state is empty,
    /// and everything stays closed until the complete state is given again.
    /// </summary>
    public string? Lost { get; init; }

    /// <summary>Containers that runtimes have attached, by the full name of the pod that each is.</summary>
    public ImmutableSortedDictionary<string, HeldAttachment> Attachments { get; init; } =
        ImmutableSortedDictionary.Create<string, HeldAttachment>(StringComparer.Ordinal);

    /// <summary>Objects of kinds that planning does not read, by the plural of the kind and their full name.</summary>
    public ImmutableSortedDictionary<ObjectKey, StoredObject> Stored { get; init; } =
        ImmutableSortedDictionary<ObjectKey, StoredObject>.Empty;

    /// <summary>
    /// Pods of <see cref="Attachments"/> whose network namespaces have gone: they have no network until their runtime
    /// deletes them. Not stored: whoever opens the state looks.
    /// </summary>
    public ImmutableHashSet<string> Gone { get; init; } = [];

    /// <summary>
    /// How often pods of workloads were deleted, and came again, by full name. Not stored: after a start of the daemon
    /// nobody remembers the one before.
    /// </summary>
    public ImmutableDictionary<string, int> Restarts { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>What runs in the pods. Not stored.</summary>
    public ProgramState Programs { get; init; } = ProgramState.None;

    /// <summary>Each document once, in the order of files and lines.</summary>
    public IEnumerable<HeldDocument> Documents =>
        InOrder(Objects.Values.Select(o => o.From).Concat(Attachments.Values.Select(a => a.From)));

    /// <summary>The files of the manifest directory that an object here comes from.</summary>
    public IReadOnlySet<string> WatchedFiles => Objects.Values.Select(o => o.From.Watched).OfType<string>().ToHashSet();

    /// <summary>
    /// The objects of a document that are still held: others of it may have been deleted or replaced.
    /// </summary>
    public IEnumerable<KubernetesObject> LeftOf(HeldDocument document) =>
        document.Objects.Where(o => ReferenceEquals(document, document.IsAttachment
            ? Attachments.GetValueOrDefault(o.FullName)?.From : Objects.GetValueOrDefault(ObjectKey.Of(o))?.From));

    /// <summary>Each document once, in the order of files and lines.</summary>
    public static IEnumerable<HeldDocument> InOrder(IEnumerable<HeldDocument> documents) =>
        documents.Distinct(ReferenceEqualityComparer.Instance).Cast<HeldDocument>()
            .OrderBy(d => d.File, StringComparer.Ordinal).ThenBy(d => d.FirstLine);
}

/// <summary>Where two states may differ; everything else is the same object in both.</summary>
/// <param name="Pods">Names of pods whose addresses may differ.</param>
internal sealed record Touched(IReadOnlyCollection<ObjectKey> Objects, IReadOnlyCollection<string> Pods);
