using System.Diagnostics;

namespace Dataplane.Integration.Daemon;

/// <summary>
/// A file system (FUSE, in Perl) with one regular file, "f", of which everything is answered but what is in it: as of a
/// server that is gone. Its readers get an error once it is disposed.
/// </summary>
internal sealed class SilentFileSystem : IDisposable
{
    /// <summary>include/uapi/linux/fuse.h: LOOKUP 1, FORGET 2, GETATTR 3, OPEN 14, READ 15, INIT 26, INTERRUPT 36.
    /// </summary>
    private const string Server = """
        my $at = shift; $| = 1; $^F = 100;
        open(my $f, "+<", "/dev/fuse") or die "/dev/fuse: $!";
        my ($s, $t, $o) = ("silent", "fuse", "fd=" . fileno($f) . ",rootmode=40755,user_id=0,group_id=0");
        syscall(165, $s, $at, $t, 0, $o) == 0 or die "mount: $!"; # mount(2)
        print "mounted\n";
        sub attr { my $dir = $_[0] == 1; pack("Q6L10", $_[0], $dir ? 0 : 100, 1, 1, 1, 1, 0, 0, 0,
            $dir ? 040755 : 0100644, 1, 0, 0, 0, 4096, 0) }
        while (sysread($f, my $q, 1 << 17)) {
            my (undef, $op, $id, $node) = unpack("LLQQ", $q);
            next if $op == 2 || $op == 15 || $op == 36;
            my $a = $op == 26 ? pack("L4S2L11", 7, 23, 0, 0, 0, 0, 4096, (0) x 10)
                : $op == 1 && substr($q, 40) eq "f\0" ? pack("Q4L2", 2, 0, 3600, 3600, 0, 0) . attr(2)
                : $op == 3 ? pack("QLL", 3600, 0, 0) . attr($node)
                : $op == 14 ? pack("QLL", 1, 0, 0) : undef;
            my $e = defined $a ? 0 : $op == 1 ? -2 : -38;
            $a = "" unless defined $a;
            syswrite($f, pack("LlQ", 16 + length($a), $e, $id) . $a);
        }
        """;

    private readonly Process _server;
    private readonly string _place;

    /// <param name="place">A directory to mount it on.</param>
    public SilentFileSystem(string place)
    {
        Assert.SkipUnless(File.Exists("/dev/fuse"), "the kernel has no FUSE");
        _place = place;
        _server = Process.Start(new ProcessStartInfo("perl", ["-e", Server, place]) { RedirectStandardOutput = true })!;
        Assert.Equal("mounted", _server.StandardOutput.ReadLine());
    }

    public string FilePath => Path.Combine(_place, "f");

    public void Dispose()
    {
        // The kernel ends the connection, and everything that waits.
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
        Tool.Run("umount", "-l", _place).Succeeded();
    }
}
