namespace Dataplane.Rules.Shape;

/// <summary>
/// The bits of the skb mark and the ct mark that the rules use. A packet may wait between hooks, for its fragments: so
/// what the mark says from one hook to the next is only what cannot become untrue.
/// </summary>
public static class MarkBits
{
    /// <summary>
    /// Set in the mark of every packet whose source the bridge has identified and the judging rules have seen, and of
    /// every packet whose destination is a programmed pod. Routes to pods are found with this bit only.
    /// </summary>
    public const uint Known = 0x4000_0000;

    /// <summary>
    /// Set by the bridge instead of <see cref="Known"/>. Only the judging rules replace it by <see cref="Known"/>, so
    /// an identified packet that is not judged finds no route.
    /// </summary>
    public const uint Identified = 0x2000_0000;

    /// <summary>
    /// All of the mark of a frame that the guard at a pod's port has passed; the bridge writes its identity over it.
    /// Anything else in its place is why the guard refuses the frame, or 0: there was no guard. A pod cannot set it:
    /// the kernel clears the mark of a frame that leaves a network namespace (skb_scrub_packet, net/core/skbuff.c).
    /// </summary>
    public const uint Guarded = 0x1000_0000;

    /// <summary>Set in the ct mark of every epoch, so that no other use of the ct mark looks like one.</summary>
    public const uint Epoch = 0x8000_0000;
}
