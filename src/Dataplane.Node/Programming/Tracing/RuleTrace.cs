using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Judging;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Programming.Tracing;

/// <summary>The origin of a traced packet, which decides the hook at which the rules see it first.</summary>
internal enum TraceOrigin { Pod, Node, Outside }

/// <summary>One rule that a traced packet has passed.</summary>
/// <param name="Timestamp">
/// When the kernel's message was read (<see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>).
/// </param>
/// <param name="Place">Such as <c>bridge prerouting</c>.</param>
/// <param name="Text">The rule in the language of the backend.</param>
/// <param name="Allowed">The side of the flow that this rule has allowed; null: none.</param>
internal readonly record struct TracedRule(long Timestamp, string Place, string Text, AllowedSide? Allowed);

/// <summary>
/// Follows one packet through the rules of a node. It uses the socket that owns the tables, so nothing else may program
/// the node meanwhile.
/// </summary>
internal sealed class RuleTrace : IDisposable
{
    private readonly RulesetProgrammer _programmer;
    private readonly RuleBook _rules;
    private readonly TraceListener _listener;

    public RuleTrace(RulesetProgrammer programmer, NodeRuleset programmed, Netns node)
    {
        _programmer = programmer;
        _rules = new RuleBook(programmer.Socket, programmed);
        _listener = new TraceListener(node);
    }

    /// <summary>Some messages of the kernel did not arrive.</summary>
    public bool HasLost => _listener.HasLost;

    /// <summary>A rule has dropped the packet.</summary>
    public bool HasDropped => _listener.Messages.Any(m => m.Message.Verdict == NftVerdict.Drop);

    /// <summary>The rules so far, in the order of the kernel's messages.</summary>
    public IReadOnlyList<TracedRule> Rules =>
        [.. _listener.Messages.Where(m => m.Message.Chain != TraceChain.Name)
            .Select(m => Rule(m.Timestamp, m.Message))];

    /// <summary>Traces the packet from now on, until what is returned is disposed.</summary>
    /// <param name="packet">From the network header on.</param>
    public IDisposable Follow(TraceOrigin origin, ReadOnlySpan<byte> packet) => origin switch
    {
        TraceOrigin.Node => TraceChain.Add(_programmer, NftFamily.Inet, NftHook.Output, -460, packet),
        TraceOrigin.Pod => TraceChain.Add(_programmer, NftFamily.Bridge, NftHook.Prerouting, -310, packet),
        _ => TraceChain.Add(_programmer, NftFamily.Inet, NftHook.Prerouting, -460, packet),
    };

    /// <summary>Takes in what the kernel has sent until now, and stops listening.</summary>
    public void Stop() => _listener.Stop();

    public void Dispose() => _listener.Dispose();

    private TracedRule Rule(long timestamp, in NftTraceMessage message)
    {
        var place = $"{message.Family.ToString().ToLowerInvariant()} {message.Chain}";
        var allowed = message is { Type: NftTraceType.Rule, Target: { } target }
            ? JudgeSteps.SideOf(message.Chain, target) : null;
        return new TracedRule(timestamp, place, _rules.Text(message), allowed);
    }
}
