using Dataplane.Api;
using Dataplane.Integration.Chaos;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Promises;

/// <summary>
/// Whatever of the stored state is damaged: it is set aside and told of, nothing opens, and the complete state heals
/// it.
/// </summary>
public sealed class StateLossTests
{
    private static readonly byte[] Garbage = [0, 0, 0, 0];

    [Fact]
    public void A_damaged_file_closes_and_heals()
    {
        using var daemon = new DaemonProcess();
        var state = Path.Combine(daemon.StateDirectory, "state");
        var manifests = Path.Combine(daemon.StateDirectory, "all.yaml");
        var isFirst = true;
        // Changes since the last snapshot, from 1, or the snapshot itself, which is there once something has been
        // healed.
        foreach (var (change, damage) in new[] { (1, "cut off"), (2, "changed"), (3, "deleted"), (4, "empty"),
            (0, "changed"), (0, "deleted") })
        {
            var before = daemon.State().Generation;
            daemon.Apply("pods.yaml", Steady.Pods);
            daemon.Apply("policy.yaml", Steady.Policy);
            daemon.Apply("third.yaml", Steady.Pod("third"));
            daemon.Apply("fourth.yaml", Steady.Pod("fourth"));
            var last = daemon.Apply("fifth.yaml", Steady.Pod("fifth")).Generation;
            using (var intruder = new Intruder(daemon))
            {
                daemon.Kill();
                Damage(Path.Combine(state, change == 0 ? "snapshot.yaml" : $"change-{before + change:D10}.yaml"),
                    damage);
                daemon.Start(isWell: false);
                intruder.AssertNothingArrived(withControl: false);
            }
            var status = daemon.Status();
            Assert.Equal((last, 0), (status.DesiredGeneration, status.Pods));
            Assert.EndsWith("everything is closed until the complete desired state is given again: "
                + "dataplane apply --prune -f PATH", status.Problem, StringComparison.Ordinal);
            Assert.Contains(status.Errors, e => e.Contains("corrupt-", StringComparison.Ordinal));
            Assert.Contains(Directory.GetFiles(state), f => f.Contains(".corrupt-", StringComparison.Ordinal));

            // A part of it would open what the rest closed.
            var refused = Assert.Throws<RefusedException>(() => daemon.Apply("pods.yaml", Steady.Pods));
            Assert.Equal(409, refused.Status);
            Assert.Contains("--prune", refused.Message, StringComparison.Ordinal);
            if (isFirst) AssertTold(daemon, manifests);
            isFirst = false;
            Assert.Equal(last + 1, daemon.Apply(new ApplyRequest(
                [new ManifestFile("all.yaml", Steady.Pod("server"))]) { Prune = true }).Generation);
            status = daemon.Status();
            Assert.Equal((last + 1, null, 1), (status.EnforcedGeneration, status.Problem, status.Pods));
            Assert.Empty(status.Errors);
        }
        daemon.Apply("all.yaml", Steady.All);
        daemon.Kill();
        daemon.Start();
        Assert.Equal(0, Command.Run(daemon, "status").ExitCode);
        using var talk = Talk.Between(daemon, Steady.Client, Steady.Server);
        using var again = new Intruder(daemon);
        talk.BothWays();
        again.AssertNothingArrived();
        ThreadHome.AssertAllHome();
    }

    /// <summary>The program says what is wrong and what helps, and does no half of it.</summary>
    private static void AssertTold(DaemonProcess daemon, string manifests)
    {
        var shown = Command.Run(daemon, "status");
        Assert.Equal(1, shown.ExitCode);
        Assert.Contains("corrupt-", shown.Output, StringComparison.Ordinal);
        File.WriteAllText(manifests, Steady.All);
        var refused = Command.Run(daemon, "apply", "-f", manifests);
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("dataplane apply --prune", refused.Error, StringComparison.Ordinal);
        File.Delete(manifests);
    }

    private static void Damage(string path, string damage)
    {
        var bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "cut off": File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]); break;
            case "changed":
                File.WriteAllBytes(path, [.. bytes[..(bytes.Length / 2)], .. Garbage, .. bytes[(bytes.Length / 2)..]]);
                break;
            case "empty": File.WriteAllBytes(path, []); break;
            default: File.Delete(path); break;
        }
    }
}
