using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Tests.Frames;

namespace Dataplane.Linux.Tests.Capture;

public sealed class FrameBatchTests
{
    [Fact]
    public void It_holds_what_it_promises_and_no_more()
    {
        using var batch = new FrameBatch(2);
        batch.Add(Probes.Spec(IpProtocol.Sctp, v6: true));
        batch.Next().Fill(0xff);
        batch.Commit(batch.MaxFrameLength);
        Assert.True(batch.IsFull);
        Assert.Throws<InvalidOperationException>(() => { batch.Next(); });
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Commit(1));

        batch.Clear();
        Assert.Equal(0, batch.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Commit(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Commit(batch.MaxFrameLength + 1));
        batch.Dispose();
        batch.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { batch.Next(); });
    }
}
