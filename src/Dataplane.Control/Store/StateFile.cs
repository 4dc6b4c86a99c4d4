using Dataplane.Control.State;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Planning;

namespace Dataplane.Control.Store;

/// <summary>The content of one file of the store: a complete state, or the changes since the file before it.</summary>
/// <param name="Deleted">
/// Objects, and attachments by the kind <see cref="Attachment"/>, to delete before <paramref name="Documents"/> are
/// added.
/// </param>
/// <param name="Leases">New and changed ones; a lease ends with its pod or Service.</param>
internal sealed record StateFile(
    long Generation, IReadOnlyList<ObjectKey> Deleted, Leases Leases, IReadOnlyList<StoredDocument> Documents)
{
    /// <summary>New and changed ones; one ends with its object.</summary>
    public StateRecords Records { get; init; } = StateRecords.None;

    /// <summary>No object has this kind.</summary>
    private const string Attachment = "Attachment";

    /// <summary>A complete state.</summary>
    public static StateFile Snapshot(DesiredState state) =>
        new(state.Generation, [], state.Leases, [.. state.Documents.Select(d => StoredDocument.Of(state, d))])
        {
            Records = StateRecords.Of(state),
        };

    /// <summary>The changes from one state to the next.</summary>
    /// <param name="touched">The only places where they differ.</param>
    public static StateFile Change(DesiredState before, DesiredState after, Touched touched)
    {
        var leases = after.Leases.Pods.Clear().ToBuilder();
        foreach (var pod in touched.Pods)
        {
            if (!after.Leases.Pods.TryGetValue(pod, out var lease)) continue;
            if (!before.Leases.Pods.TryGetValue(pod, out var old) || old != lease) leases[pod] = lease;
        }
        var services = after.Leases.Services.Services.Clear().ToBuilder();
        foreach (var key in touched.Objects.Where(k => k.Kind == ObjectKinds.Service.Name))
        {
            if (!after.Leases.Services.Services.TryGetValue(key.Name, out var lease)) continue;
            if (!before.Leases.Services.Services.TryGetValue(key.Name, out var old) || old != lease)
                services[key.Name] = lease;
        }
        var documents = touched.Objects
            .Select(k => (Old: before.Objects.GetValueOrDefault(k), Now: after.Objects.GetValueOrDefault(k)))
            .Where(o => o.Now is not null && !ReferenceEquals(o.Old, o.Now)).Select(o => o.Now!.From);
        var deleted = touched.Objects.Where(k => (before.Objects.ContainsKey(k) && !after.Objects.ContainsKey(k))
            || (before.Stored.ContainsKey(k) && !after.Stored.ContainsKey(k)));
        if (!ReferenceEquals(before.Attachments, after.Attachments))
        {
            var attached = touched.Objects.Where(k => k.Kind == ObjectKinds.Pod.Name).Select(k => (k.Name,
                Old: before.Attachments.GetValueOrDefault(k.Name), Now: after.Attachments.GetValueOrDefault(k.Name)))
                .Where(a => !ReferenceEquals(a.Old, a.Now)).ToList();
            documents = documents.Concat(attached.Select(a => a.Now?.From).OfType<HeldDocument>());
            deleted = deleted.Concat(
                attached.Where(a => a.Now is null).Select(a => new ObjectKey(Attachment, a.Name)));
        }
        var changed = after.Leases with
        {
            Pods = leases.ToImmutable(),
            Services = after.Leases.Services with { Services = services.ToImmutable() },
        };
        return new StateFile(after.Generation, [.. deleted.Order()], changed,
            [.. DesiredState.InOrder(documents).Select(d => StoredDocument.Of(after, d))])
        {
            Records = StateRecords.Between(before, after, touched.Objects),
        };
    }

    /// <summary>The state after this file, given the one before it.</summary>
    public DesiredState After(DesiredState before)
    {
        var objects = before.Objects.RemoveRange(Deleted).ToBuilder();
        var attachments = before.Attachments.RemoveRange(Deleted.Where(k => k.Kind == Attachment).Select(k => k.Name))
            .ToBuilder();
        foreach (var document in Documents)
        {
            if (document.Held.IsAttachment)
            {
                var attachment = HeldAttachment.Of(document.Held);
                attachments[attachment.Pod.FullName] = attachment;
                continue;
            }
            foreach (var obj in document.Objects)
            {
                var key = ObjectKey.Of(obj);
                var record = before.Objects.GetValueOrDefault(key)?.Record ?? ObjectRecord.Unknown(key);
                objects[key] = new HeldObject(obj, document.Held, record);
            }
        }
        foreach (var (key, record) in Records.Objects)
            if (objects.TryGetValue(key, out var held)) objects[key] = held with { Record = record };
        return new DesiredState(Generation, objects.ToImmutable(), Leases with
        {
            Pods = before.Leases.Pods.SetItems(Leases.Pods),
            Services = Leases.Services with
            {
                Services = before.Leases.Services.Services.SetItems(Leases.Services.Services),
            },
        })
        {
            Attachments = attachments.ToImmutable(),
            Stored = before.Stored.RemoveRange(Deleted).SetItems(Records.Stored),
        };
    }
}

/// <summary>A document in the store and those of its objects that are part of the state.</summary>
internal sealed record StoredDocument(HeldDocument Held, IReadOnlyList<KubernetesObject> Objects)
{
    public bool IsPart => Objects.Count < Held.Objects.Count;

    public static StoredDocument Of(DesiredState state, HeldDocument document) =>
        new(document, [.. state.LeftOf(document)]);

    /// <summary>
    /// Whether both have the same text, place and source, and the same objects at the same positions.
    /// </summary>
    public bool Says(StoredDocument other) => Held.Watched == other.Held.Watched && Held.Says(other.Held)
        && Places(Objects).SequenceEqual(Places(other.Objects));

    private static IEnumerable<(ObjectKey Key, SourcePosition At)> Places(IEnumerable<KubernetesObject> objects) =>
        objects.Select(o => (ObjectKey.Of(o), o.Position));
}
