using Dataplane.Node.Verification;
using Dataplane.Policy.Explanations;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Why;

/// <summary>What there is to say about one flow from both sides: the policies', and the kernel's.</summary>
internal static class FlowReasons
{
    /// <summary>What happened to the packet.</summary>
    public static string Kernel(FlowResult result) => result switch
    {
        { Measured: Measured.Undecided, DropReason: { } reason } =>
            $"no clear answer, although a drop was logged as \"{reason}\"",
        { Measured: Measured.Undecided } => "no clear answer: neither a capture nor a drop log that can be trusted",
        { Measured: Measured.Denied } =>
            $"dropped, and logged as \"{result.DropReason}\"; nothing arrived at {result.Flow.To.Name}",
        { Reply: { } reply } => $"captured at {result.Flow.To.Name}; {reply} came back",
        _ => $"captured at {result.Flow.To.Name}",
    };

    /// <summary>What the policies say, in one line.</summary>
    public static string Policies(Cluster cluster, Flow flow) => WhyText.InOneLine(Explanation.Of(cluster, flow));

    /// <summary>
    /// Both for a flow that needs explaining; the packet's fate alone where it is as the policies say.
    /// </summary>
    public static string Of(Cluster cluster, FlowResult result) =>
        result.Agrees ? Kernel(result) : $"policies: {Policies(cluster, result.Flow)}; kernel: {Kernel(result)}";
}
