namespace Dataplane.Integration.Cni;

/// <summary>The file system of a container: busybox of this machine, and a page that says whose it is.</summary>
internal static class ContainerRoot
{
    public const string Busybox = "/bin/busybox";

    /// <summary>What serves the page, on port 80.</summary>
    public static readonly string[] Server = ["/bin/httpd", "-f", "-p", "80", "-h", "/etc"];

    /// <summary>What a client sends to get the page.</summary>
    public const string Request = "GET /who HTTP/1.0\r\n\r\n";

    /// <returns>The directory.</returns>
    public static string Make(TempDirectory directory, string name)
    {
        var root = directory[name];
        foreach (var folder in (string[])["bin", "etc", "proc", "sys", "dev", "tmp", "run"])
            Directory.CreateDirectory(Path.Combine(root, folder));
        File.Copy(Busybox, Path.Combine(root, "bin/busybox"));
        foreach (var applet in (string[])["httpd", "nc", "nslookup", "sleep", "cat"])
            File.CreateSymbolicLink(Path.Combine(root, "bin", applet), "busybox");
        File.WriteAllText(Path.Combine(root, "etc/who"), $"I am {name}");
        return root;
    }

    /// <summary>The test is skipped where one of the programs is not installed.</summary>
    public static void Require(params string[] programs) => Assert.SkipUnless(
        programs.Prepend("busybox").All(p => Environment.GetEnvironmentVariable("PATH")!.Split(':')
            .Any(d => File.Exists(Path.Combine(d, p)))),
        $"one of busybox-static, {string.Join(", ", programs)} is not installed");
}
