using System.Diagnostics;
using Dataplane.Integration.Promises;
using static Dataplane.Integration.Programs.ProgramsLab;

namespace Dataplane.Integration.KubernetesStreams;

/// <summary>kubectl logs and attach.</summary>
public sealed class KubectlLogTests
{
    [Fact]
    public void Logs_are_cut_as_kubectl_asks()
    {
        using var lab = new StreamsLab(Pod("a", Script("seq 10; exec sleep 5000")));
        lab.Programs.Await("a", "Running", "1/1");
        Steady.Until(() => lab.Kubectl("logs", "a").Output.Split('\n').Length == 11, "ten lines");
        Assert.Equal("9\n10\n", lab.Kubectl("logs", "a", "--tail=2").Succeeded());
        Assert.Equal("1\n2\n3", lab.Kubectl("logs", "a", "--limit-bytes=5").Succeeded());
        Assert.Equal("", lab.Kubectl("logs", "a", "--since-time=2100-01-01T00:00:00Z").Succeeded());
        Assert.Equal(10, lab.Kubectl("logs", "a", "--since-time=2000-01-01T00:00:00Z").Succeeded()
            .Count(c => c == '\n'));
        Assert.Matches(@"^20\d\d-\d\d-\d\dT[0-9:.]+Z 10\n$",
            lab.Kubectl("logs", "a", "--timestamps", "--tail=1").Succeeded());
        Assert.Contains("previous terminated container \"c\" in pod \"a\" not found",
            lab.Kubectl("logs", "a", "-p").Error, StringComparison.Ordinal);
        Assert.Contains("container x is not valid for pod a", lab.Kubectl("logs", "a", "-c", "x").Error,
            StringComparison.Ordinal);
        Assert.Contains("pods \"no\" not found", lab.Kubectl("logs", "no").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_is_followed_until_the_end_of_the_run_and_attach_hears_what_comes_from_now_on()
    {
        using var directory = new TempDirectory();
        using var lab = new StreamsLab(Pod("a", Script(
            $"echo begun; while [ ! -e {directory["end"]} ]; do echo tick; sleep 0.05; done; echo over; echo bad >&2"),
            "restartPolicy: Never"));
        lab.Programs.Await("a", "Running", "1/1");
        using var following = Process.Start(Redirected(lab.Start("logs", "-f", "a")))!;
        Assert.Equal("begun", following.StandardOutput.ReadLine());
        using var attached = Process.Start(Redirected(lab.Start("attach", "a")))!;
        Assert.Equal("tick", attached.StandardOutput.ReadLine());
        File.WriteAllText(directory["end"], "");
        foreach (var process in (Process[])[following, attached])
        {
            Assert.Contains("over\n", process.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
        Assert.Contains("bad", attached.StandardError.ReadToEnd(), StringComparison.Ordinal);
        var late = lab.Kubectl("exec", "a", "--", "ls");
        Assert.Contains("cannot exec into a container in a completed pod", late.Error, StringComparison.Ordinal);
        Assert.Contains("begun\n", lab.Kubectl("logs", "-f", "a").Succeeded(), StringComparison.Ordinal);
    }

    private static ProcessStartInfo Redirected(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        return start;
    }
}
