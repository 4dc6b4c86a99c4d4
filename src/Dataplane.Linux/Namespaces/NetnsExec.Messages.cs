using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using Dataplane.Linux.Native;

namespace Dataplane.Linux.Namespaces;

/// <content>What went wrong.</content>
public static unsafe partial class NetnsExec
{
    /// <summary>Error messages, allocated before the namespace is entered.</summary>
    /// <param name="descriptor">Where they are written.</param>
    private sealed class Messages(string program, int descriptor = 2)
    {
        private readonly byte[][] _reasons = [.. Enumerable.Range(0, HighestErrno + 1).Select(
            e => Encoding.UTF8.GetBytes($"{Marshal.GetPInvokeErrorMessage(e)}\n"))];
        private readonly byte[] _unknown = "unknown error\n"u8.ToArray();

        public byte[] Beside { get; } = "dataplane: cannot enter the container: "u8.ToArray();
        public byte[] Unshare { get; } = "dataplane: cannot make a mount namespace: "u8.ToArray();
        public byte[] Propagation { get; } = "dataplane: cannot make / a slave mount: "u8.ToArray();
        public byte[] Sys { get; } = "dataplane: cannot mount /sys: "u8.ToArray();
        public byte[] Etc { get; } = "dataplane: cannot lay a file of /etc/netns over /etc: "u8.ToArray();
        public byte[] HostName { get; } = "dataplane: cannot give the host its name: "u8.ToArray();
        public byte[] Capabilities { get; } = "dataplane: cannot give up capabilities: "u8.ToArray();
        public byte[] User { get; } = "dataplane: cannot change the user: "u8.ToArray();
        public byte[] Directory { get; } = "dataplane: cannot change to the working directory: "u8.ToArray();
        public byte[] Program { get; } = Encoding.UTF8.GetBytes($"dataplane: {program}: ");

        [DoesNotReturn]
        public void Die(byte[] what, int status = Failed)
        {
            var errno = Marshal.GetLastPInvokeError();
            Write(what);
            Write(errno is >= 0 and <= HighestErrno ? _reasons[errno] : _unknown);
            Libc._exit(status);
            throw new UnreachableException();
        }

        private void Write(byte[] text)
        {
            fixed (byte* start = text) _ = Libc.write(descriptor, start, (nuint)text.Length);
        }
    }
}
