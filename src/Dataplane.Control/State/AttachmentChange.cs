using System.Collections.Immutable;
using Dataplane.Control.Refusals;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Control.State;

/// <summary>What requests of container runtimes make of a state.</summary>
public static class AttachmentChange
{
    /// <summary>
    /// A container comes. One that is there already, as it is asked for, stays; one whose namespace has gone, and
    /// another one that the pod had before, make way.
    /// </summary>
    /// <param name="isPodsOnly">
    /// The pod has one container's network at a time, as whoever calls knows: the newest. Otherwise a pod that another
    /// container has is refused.
    /// </param>
    /// <exception cref="RefusalException">
    /// The state was lost, or the container or the pod is attached in another way.
    /// </exception>
    public static StateChange Attach(DesiredState state, HeldAttachment fresh, bool isPodsOnly)
    {
        if (state.Lost is not null) throw RefusalException.StateLost(state.Lost);
        var pod = fresh.Pod.FullName;
        if (Declared(state, pod) is { HostNetwork: true } declared)
            throw RefusalException.HostNetwork(pod, declared.Position);
        var attachments = state.Attachments;
        var touched = new HashSet<string> { pod };
        if (Find(state, fresh.Name) is { } before)
        {
            if (!state.Gone.Contains(before.Pod.FullName))
            {
                return before.From.HasText(fresh.From.Text) ? Unchanged(state)
                    : throw RefusalException.AttachedOtherwise($"{fresh.Name}", before.Pod.FullName);
            }
            touched.Add(before.Pod.FullName);
            attachments = attachments.Remove(before.Pod.FullName);
        }
        if (attachments.TryGetValue(pod, out var other) && !isPodsOnly && !state.Gone.Contains(pod))
            throw RefusalException.PodTaken(pod, $"{other.Name}");
        return Changed(state, attachments.SetItem(pod, fresh), touched) with { Gone = state.Gone.Except(touched) };
    }

    /// <summary>Containers go. Those that are not there are no error.</summary>
    public static StateChange Detach(DesiredState state, Func<HeldAttachment, bool> which)
    {
        // In a lost state there is none.
        HashSet<string> going = [.. state.Attachments.Where(a => which(a.Value)).Select(a => a.Key)];
        return going.Count == 0 ? Unchanged(state)
            : Changed(state, state.Attachments.RemoveRange(going), going) with { Gone = state.Gone.Except(going) };
    }

    /// <summary>The network namespaces of pods have gone.</summary>
    public static StateChange Lose(DesiredState state, IEnumerable<string> pods)
    {
        HashSet<string> gone = [.. pods.Where(p => state.Attachments.ContainsKey(p) && !state.Gone.Contains(p))];
        return gone.Count == 0 ? Unchanged(state)
            : Changed(state, state.Attachments, gone) with { Gone = state.Gone.Union(gone) };
    }

    /// <summary>The attachment that a runtime knows by this name; null: there is none.</summary>
    public static HeldAttachment? Find(DesiredState state, AttachmentName name) =>
        state.Attachments.Values.FirstOrDefault(a => a.Name == name);

    private static PodObject? Declared(DesiredState state, string pod) =>
        state.Objects.GetValueOrDefault(new ObjectKey(ObjectKinds.Pod.Name, pod))?.Object as PodObject;

    private static StateChange Unchanged(DesiredState state) => new(state.Objects, [], [], Differs: false);

    private static StateChange Changed(DesiredState state,
        ImmutableSortedDictionary<string, HeldAttachment> attachments, HashSet<string> pods) =>
        new(state.Objects, [], [.. pods.Select(p => new ObjectKey(ObjectKinds.Pod.Name, p))], Differs: true)
        {
            Attachments = attachments,
        };
}
