using Dataplane.Node.Verification;
using Dataplane.Policy.Explanations;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Why;

/// <summary>The reasons for the verdict on one flow, by the policies and by the kernel.</summary>
internal static class FlowReasons
{
    /// <summary>The measured result of the packet.</summary>
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

    /// <summary>The decision of the policies in one line.</summary>
    public static string Policies(Cluster cluster, Flow flow) => WhyText.InOneLine(Explanation.Of(cluster, flow));

    /// <summary>Both reasons for a flow that differs; the packet's result alone for a flow that agrees.</summary>
    public static string Of(Cluster cluster, FlowResult result) =>
        result.Agrees ? Kernel(result) : $"policies: {Policies(cluster, result.Flow)}; kernel: {Kernel(result)}";
}
