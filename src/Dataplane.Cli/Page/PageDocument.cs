using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Page;

/// <summary>
/// What the viewer shows: the answer of a command as its <c>-o json</c> has it, and for each cell what <c>why</c> says.
/// Numbers stand for places in the lists of the document, so that nothing is said a thousand times.
/// </summary>
/// <param name="Kind">The command: matrix, verify, diff, test, or ui.</param>
/// <param name="Command">The command line, to be shown.</param>
/// <param name="Input">The arguments that name the manifests, for other commands about the same; empty: the
/// daemon.</param>
internal sealed record PageDocument(string Kind, string Command, string Input)
{
    public string Version { get; init; } = ProgramVersion.Text;

    public IReadOnlyList<PageEnd> Ends { get; init; } = [];

    public IReadOnlyList<PageBlock> Blocks { get; init; } = [];

    /// <summary>Null: the viewer asks for the reason of a cell.</summary>
    public IReadOnlyList<PageReason>? Reasons { get; init; }

    public IReadOnlyList<SideDocument> Sides { get; init; } = [];

    /// <summary>What was seen of packets, or found of Services, a sentence each.</summary>
    public IReadOnlyList<string> Facts { get; init; } = [];

    public IReadOnlyList<PagePolicy> Policies { get; init; } = [];

    public IReadOnlyList<PagePart> Files { get; init; } = [];

    public PagePicture? Picture { get; init; }

    /// <summary>Of verify, as the following.</summary>
    public SummaryDocument? Summary { get; init; }
    public SampleDocument? Sample { get; init; }
    public string? Control { get; init; }

    public PageDiff? Diff { get; init; }

    public PageTest? Test { get; init; }

    /// <summary>What the reader is to know before the answer, such as what is left out.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Of ui: the number of changes of the daemon's state.</summary>
    public long? Generation { get; init; }
}

/// <param name="Kind">pod, address, node or service.</param>
/// <param name="Workload"><c>namespace/workload</c> of a pod that one makes.</param>
/// <param name="Labels">Such as <c>app=db</c>.</param>
internal sealed record PageEnd(
    string Name, string Kind, string? Namespace, string? Workload, IReadOnlyList<string> Labels,
    IReadOnlyList<string> Addresses);

/// <summary>The matrix of one probe and family.</summary>
/// <param name="Port">0 for ICMP.</param>
/// <param name="From">The rows, by place in <see cref="PageDocument.Ends"/>; <paramref name="To"/> the columns.</param>
/// <param name="Cells">A line for each row, a letter for each column: <c>a</c> allowed, <c>d</c> denied, <c>r</c>
/// refused, <c>p</c> partial, <c>u</c> undecided, <c>-</c> no such flow. Of verify what was measured.</param>
/// <param name="Expected">Of verify, what policies say.</param>
/// <param name="Reasons">For each cell its place in <see cref="PageDocument.Reasons"/>; -1: none.</param>
/// <param name="Facts">The same in <see cref="PageDocument.Facts"/>.</param>
internal sealed record PageBlock(
    string Protocol, int Port, string Family, IReadOnlyList<int> From, IReadOnlyList<int> To,
    IReadOnlyList<string> Cells, IReadOnlyList<string>? Expected,
    IReadOnlyList<IReadOnlyList<int>>? Reasons,
    IReadOnlyList<IReadOnlyList<int>>? Facts);

/// <summary>The answer of <c>why</c> to a flow.</summary>
/// <param name="Leaving">A place in <see cref="PageDocument.Sides"/>, as <paramref name="Entering"/>.</param>
internal sealed record PageReason(string Sentence, int Leaving, int Entering);

/// <param name="Selector">In words.</param>
/// <param name="Selects">Places of pods in <see cref="PageDocument.Ends"/>.</param>
/// <param name="Isolates">Ingress, Egress; of a tier its name and priority.</param>
internal sealed record PagePolicy(
    string Kind, string Name, string File, int Line, string Selector, IReadOnlyList<int> Selects,
    IReadOnlyList<string> Isolates, IReadOnlyList<PageRule> Rules);

/// <param name="Direction">ingress or egress.</param>
/// <param name="Action">allow; of a tier Accept, Deny or Pass.</param>
internal sealed record PageRule(
    string Direction, string Action, string? Name, int Line, string Ports, IReadOnlyList<PagePeer> Peers);

/// <param name="Selects">The pods that it means now.</param>
internal sealed record PagePeer(string Text, IReadOnlyList<int> Selects);

/// <summary>Lines of a file that policies are in.</summary>
/// <param name="Line">The number of the first, from 1.</param>
internal sealed record PagePart(string File, int Line, IReadOnlyList<string> Lines);

/// <summary>Where everything stands in the picture, in pixels.</summary>
internal sealed record PagePicture(
    int Width, int Height, IReadOnlyList<PictureBox> Boxes, IReadOnlyList<PictureNode> Nodes);

internal sealed record PictureBox(string Title, int X, int Y, int Width, int Height);

/// <param name="Ends">The pods that are one node, by place in <see cref="PageDocument.Ends"/>.</param>
internal sealed record PictureNode(
    string Title, string Kind, int X, int Y, int Width, int Height, IReadOnlyList<int> Ends);

/// <summary>The document of <c>diff -o json</c>, its flows in the groups of the table.</summary>
internal sealed record PageDiff(
    IReadOnlyList<PageChange> Opened, IReadOnlyList<PageChange> Closed, IReadOnlyList<PageChange> ExposureOpened,
    IReadOnlyList<PageChange> ExposureClosed, IReadOnlyList<PageObjectChange> Objects);

/// <summary>The same for every source with every destination.</summary>
/// <param name="Before">Why it was as it was, of the first pair; null where it was not there, or <c>why</c> has no
/// such end. <paramref name="After"/> likewise.</param>
internal sealed record PageChange(
    string FromText, string ToText, IReadOnlyList<string> From, IReadOnlyList<string> To, string Ports,
    IReadOnlyList<string> Families, PageAnswer? Before, PageAnswer? After);

/// <param name="Answers">For each result the reason of its first flow; null where it is as wanted, or about a
/// Service.</param>
internal sealed record PageTest(TestDocument Document, IReadOnlyList<PageAnswer?> Answers);

internal sealed record PageObjectChange(string Kind, string Name, string Change, string File, int Line);
