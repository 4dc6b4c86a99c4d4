namespace Dataplane.ApiMachinery.Tests.Protobuf;

/// <summary>
/// Bodies that kubectl 1.35 sent, and behind each the JSON that the same command shows with
/// <c>--dry-run=client -o json</c>; that of a job and a cronjob, which it does not show without a server, is written by
/// hand.
/// </summary>
internal static class RecordedBodies
{
    public static IReadOnlyList<(byte[] Body, string Json)> All { get; } =
    [
        .. File.ReadLines(SourceTree.Full("tests/Dataplane.ApiMachinery.Tests/Protobuf/kubectl-1.35.txt")).Chunk(2)
            .Select(lines => (Convert.FromBase64String(lines[0]), lines[1])),
    ];
}
