using Dataplane.Rules.Shape;

namespace Dataplane.Rules.Guard;

/// <summary>
/// Why the guard refuses a frame. It does not drop it: it writes this number into the frame's mark instead of
/// <see cref="MarkBits.Guarded"/>, and the bridge drops, counts and logs it by name, as it does with all others.
/// </summary>
/// <param name="Mark">None of <see cref="MarkBits"/>.</param>
/// <param name="Reason">One of <see cref="DropReason"/>.</param>
public readonly record struct GuardRefusal(int Mark, string Reason)
{
    public static readonly GuardRefusal Checksum = new(1, DropReason.ForgedChecksum),
        Segments = new(2, DropReason.ForgedSegments), Header = new(3, DropReason.UnreadableHeader),
        Fragments = new(4, DropReason.TooManyFragments);

    public static readonly IReadOnlyList<GuardRefusal> All = [Checksum, Segments, Header, Fragments];
}
