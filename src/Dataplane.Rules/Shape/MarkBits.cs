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

    /// <summary>Set in the ct mark of every epoch, so that no other use of the ct mark looks like one.</summary>
    public const uint Epoch = 0x8000_0000;
}
