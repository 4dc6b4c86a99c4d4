using System.Diagnostics;

namespace Dataplane.Integration.Service;

/// <summary>deploy/lab.sh where there is no lab.</summary>
public sealed class LabTests
{
    [Fact]
    public void Down_with_nothing_up_says_so_and_is_no_failure()
    {
        Assert.SkipWhen(File.Exists("/run/netns/lab") || Directory.Exists("/run/dataplane-lab"),
            "a lab is up on this machine");
        var said = Tool.Run(new ProcessStartInfo(SourceTree.Full("deploy/lab.sh"), ["down"]));
        Assert.Equal((0, "", "the lab is not up: nothing to remove\n"), (said.ExitCode, said.Output, said.Error));
    }
}
