using System.IO.Pipes;
using Dataplane.Linux.Files;

namespace Dataplane.Linux.Tests.Files;

/// <summary><c>dataplane flows -f | head</c> ends when head does, also while there is nothing to write.</summary>
public sealed class PipeEndTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_reader_that_is_gone_is_noticed_at_once_and_one_that_only_waits_is_not()
    {
        using var writer = new AnonymousPipeServerStream(PipeDirection.Out);
        var descriptor = (int)writer.SafePipeHandle.DangerousGetHandle();
        Assert.False(PipeEnd.AwaitClosed(descriptor, TimeSpan.Zero));
        writer.DisposeLocalCopyOfClientHandle();
        Assert.True(PipeEnd.AwaitClosed(descriptor, Long));
    }

    [Fact]
    public void A_file_has_no_reader_to_lose()
    {
        using var file = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);
        Assert.False(PipeEnd.AwaitClosed((int)file.DangerousGetHandle(), TimeSpan.Zero));
    }
}
