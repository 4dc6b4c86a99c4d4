using System.Net.Sockets;
using Dataplane.Node.Verification;
using Dataplane.Policy;
namespace Dataplane.Node.Live;
public sealed partial class LiveNode
{
    public IReadOnlyList<Repair> Repair() => throw new NotImplementedException();
    public IDisposable Watch(Action suspicion) => throw new NotImplementedException();
    public VerifyReport Verify(IReadOnlyList<Probe> probes, AddressFamily? only, string? pcapFile, IProgress<VerifyProgress>? progress, CancellationToken stop) =>
        throw new NotImplementedException();
    public VerifyReport Verify(IReadOnlyList<Flow> flows, CancellationToken stop) => throw new NotImplementedException();
}
