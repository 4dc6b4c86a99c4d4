using Dataplane.Linux.Programs;
using Dataplane.Runtime.Launching;

namespace Dataplane.Runtime.Tests.Launching;

public sealed class RunClaimTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Claim => _directory["claim"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Who_takes_it_is_known_to_all_and_nobody_takes_it_again()
    {
        Assert.True(RunClaim.TryTake(Claim));
        Assert.False(RunClaim.TryTake(Claim));
        var ticks = ProcessHandle.StartTicksOf(Environment.ProcessId)!.Value;
        Assert.Equal((Environment.ProcessId, ticks), RunClaim.Settle(Claim));
        Assert.Equal((Environment.ProcessId, ticks), RunClaim.Settle(Claim));
        Assert.Single(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void One_that_is_settled_begins_never_more()
    {
        Assert.Null(RunClaim.Settle(Claim));
        Assert.False(RunClaim.TryTake(Claim));
        Assert.Null(RunClaim.Settle(Claim));
        Assert.Single(Directory.GetFiles(_directory.Path));
    }
}
