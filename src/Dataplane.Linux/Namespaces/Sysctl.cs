using System.Runtime.InteropServices;
using System.Text;
using Dataplane.Linux.Native;

namespace Dataplane.Linux.Namespaces;

/// <summary>One kernel setting.</summary>
/// <param name="Name">The path under /proc/sys, such as <c>net/ipv4/ip_forward</c>.</param>
/// <param name="Value">As written to the file.</param>
/// <param name="Optional">Whether a kernel without it is left alone.</param>
public readonly record struct SysctlSetting(string Name, string Value, bool Optional = false);

/// <summary>
/// Kernel settings of a network namespace. <c>/proc/sys/net</c> follows the reading thread, so the netns thread does
/// it, by raw calls.
/// </summary>
public static unsafe class Sysctl
{
    /// <summary>
    /// Writes all settings in order during one visit to the namespace; a failure does not stop the rest.
    /// </summary>
    /// <exception cref="LinuxException">The first setting that failed. EROFS: /proc/sys is mounted read-only, as in an
    /// unprivileged container.</exception>
    public static void Write(Netns netns, params IReadOnlyList<SysctlSetting> settings)
    {
        var paths = settings.Select(static s => PathOf(s.Name)).ToArray();
        var values = settings.Select(static s => Encoding.ASCII.GetBytes(s.Value)).ToArray();
        var errors = netns.Run(() => WriteAll(paths, values));
        for (var i = 0; i < errors.Length; i++)
        {
            if (errors[i] != 0 && !(errors[i] == Errno.ENOENT && settings[i].Optional))
            {
                throw new LinuxException(
                    $"set {settings[i].Name} to {settings[i].Value} in {netns}", errors[i], errors[i] == Errno.EROFS
                    ? "/proc/sys is read-only here; a container needs --privileged or a writable /proc/sys" : null);
            }
        }
    }

    /// <summary>Reads one setting without its final newline; null where the kernel lacks it.</summary>
    public static string? Read(Netns netns, string name)
    {
        var path = PathOf(name);
        var buffer = new byte[4096];
        var length = netns.Run(() => ReadOne(path, buffer));
        return length >= 0 ? Encoding.ASCII.GetString(buffer, 0, length).TrimEnd('\n')
            : length == -Errno.ENOENT ? null
            : throw new LinuxException($"read {name} in {netns}", -length);
    }

    /// <summary>
    /// The settings whose value differs, with the value found, read during one visit; settings that the kernel lacks
    /// are left out.
    /// </summary>
    public static IReadOnlyList<(SysctlSetting Setting, string Found)> Differences(
        Netns netns, IReadOnlyList<SysctlSetting> settings)
    {
        var paths = settings.Select(static s => PathOf(s.Name)).ToArray();
        var found = new byte[paths.Length][];
        var buffer = new byte[256];
        netns.Run(() =>
        {
            for (var i = 0; i < paths.Length; i++)
            {
                found[i] = ReadOne(paths[i], buffer) is var length and >= 0
                    ? buffer[..length] : [];
            }
            return 0;
        });
        var differences = new List<(SysctlSetting, string)>();
        for (var i = 0; i < found.Length; i++)
        {
            var value = Encoding.ASCII.GetString(found[i]).TrimEnd('\n');
            if (found[i].Length > 0 && value != settings[i].Value)
            {
                differences.Add((settings[i], value));
            }
        }

        return differences;
    }

    private static byte[] PathOf(string name) =>
        name.StartsWith("net/", StringComparison.Ordinal) && !name.Contains("..", StringComparison.Ordinal)
        ? Encoding.ASCII.GetBytes($"/proc/sys/{name}\0")
        : throw new ArgumentException($"'{name}' is no setting of a network namespace.", nameof(name));

    private static int[] WriteAll(byte[][] paths, byte[][] values)
    {
        var errors = new int[paths.Length];
        for (var i = 0; i < paths.Length; i++)
        {
            fixed (byte* path = paths[i], value = values[i])
            {
                var fd = Libc.open(path, Libc.O_WRONLY | Libc.O_CLOEXEC, 0);
                var written = fd < 0 ? -1 : Libc.write(fd, value, (nuint)values[i].Length);
                errors[i] = written < 0 ? Marshal.GetLastPInvokeError() : 0;
                if (fd >= 0)
                {
                    Libc.close(fd);
                }
            }
        }

        return errors;
    }

    private static int ReadOne(byte[] pathBytes, byte[] buffer)
    {
        fixed (byte* path = pathBytes, target = buffer)
        {
            var fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
            var length = fd < 0 ? -1 : (int)Libc.read(fd, target, (nuint)buffer.Length);
            var result = length < 0 ? -Marshal.GetLastPInvokeError() : length;
            if (fd >= 0)
            {
                Libc.close(fd);
            }

            return result;
        }
    }
}
