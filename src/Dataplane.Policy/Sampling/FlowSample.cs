using Dataplane.Policy.Model;

namespace Dataplane.Policy.Sampling;

/// <summary>
/// Some of the flows of a matrix, in its order, chosen so that they cover as many compiled decisions as they can.
/// </summary>
/// <param name="Of">How many flows the whole matrix has.</param>
/// <param name="Seed">The same seed chooses the same flows of the same cluster.</param>
/// <param name="Decisions">
/// How many decisions there are: a source class, a destination class, a family, and the entries that decide. Where the
/// pairs of classes alone are more than the sample, each that was not looked at counts once: then there are so many at
/// least.
/// </param>
/// <param name="Covered">How many of them some flow of the sample is decided by. Less than all: the sample is too small
/// for the cluster.</param>
public sealed record FlowSample(IReadOnlyList<Flow> Flows, long Of, int Seed, long Decisions, long Covered)
{
    public bool CoversAll => Covered == Decisions;
}
