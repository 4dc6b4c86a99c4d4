using Dataplane.Api;
using Dataplane.Daemon.Host;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Node.Observation;

namespace Dataplane.Daemon.Endpoints;

/// <summary>The parameters of a capture, checked.</summary>
/// <param name="Count">Number of frames after which it ends.</param>
/// <param name="SnapLength">Bytes kept of each frame.</param>
/// <param name="Filter">Null: all frames.</param>
internal sealed record AskedCapture(string Pod, int Count, int SnapLength, FilterProgram? Filter)
{
    private const int DefaultSnapLength = 1600;
    private const int LeastSnapLength = EthernetView.HeaderLength, MostSnapLength = PodCapture.MaxSnapLength;

    /// <exception cref="ApiProblem">A parameter is missing or out of its range.</exception>
    public static AskedCapture Of(Query query) => new(
        query.Text("pod") ?? throw Problems.BadRequest("pod: namespace/name is needed"),
        query.Number("count", 1, int.MaxValue, int.MaxValue),
        query.Number("snaplen", LeastSnapLength, MostSnapLength, DefaultSnapLength), null);

    /// <exception cref="ApiProblem">
    /// A property is missing or out of its range, or the filter is no program that can be run.
    /// </exception>
    public static AskedCapture Of(CaptureRequest request)
    {
        if (string.IsNullOrEmpty(request.Pod)) throw Problems.BadRequest("pod: namespace/name is needed");
        if (request.Count is < 1) throw Problems.BadRequest($"count: a number from 1 to {int.MaxValue}");
        if (request.SnapLength is < LeastSnapLength or > MostSnapLength)
            throw Problems.BadRequest($"snapLength: a number from {LeastSnapLength} to {MostSnapLength}");
        return new AskedCapture(request.Pod, request.Count ?? int.MaxValue, request.SnapLength ?? DefaultSnapLength,
            request.Filter is { } filter ? Checked(filter) : null);
    }

    private static FilterProgram Checked(IReadOnlyList<FilterInstruction> filter) =>
        FilterProgram.TryCreate([.. filter.Select(i => new SockFilter(i.Code, i.Jt, i.Jf, i.K))], out var error)
            ?? throw Problems.BadRequest($"filter: {error}");
}
