using System.Runtime.InteropServices;

namespace Dataplane.Linux.Native;

/// <summary>
/// A system call or a netlink request that the kernel refused: the operation, the error number and the kernel's own
/// message.
/// </summary>
public sealed class LinuxException : IOException
{
    public LinuxException(
        string operation, int errno, string? kernelMessage = null, uint? attributeOffset = null, uint? sequence = null)
        : base(Describe(operation, errno, kernelMessage, attributeOffset))
    {
        Operation = operation;
        ErrorNumber = errno;
        KernelMessage = kernelMessage;
        AttributeOffset = attributeOffset;
        Sequence = sequence;
    }

    /// <summary>The operation, for example <c>add veth pod3</c>.</summary>
    public string Operation { get; }

    /// <summary>The positive error number; see <see cref="Native.Errno"/>.</summary>
    public int ErrorNumber { get; }

    /// <summary>NLMSGERR_ATTR_MSG: the kernel's extended acknowledgement, where it gave one.</summary>
    public string? KernelMessage { get; }

    /// <summary>NLMSGERR_ATTR_OFFS: bytes from the start of the refused message to the offending attribute.</summary>
    public uint? AttributeOffset { get; }

    /// <summary>The sequence number of the refused netlink message.</summary>
    public uint? Sequence { get; }

    internal static int Check(int result, string operation) =>
        result >= 0 ? result : throw Last(operation);

    /// <summary>The failure of the last call of this thread.</summary>
    internal static LinuxException Last(string operation) => new(operation, Marshal.GetLastPInvokeError());

    private static string Describe(string operation, int errno, string? kernelMessage, uint? offset) =>
        $"{operation}: {Marshal.GetPInvokeErrorMessage(errno)} ({Errno.Name(errno)})"
        + (kernelMessage is null ? "" : $": {kernelMessage}")
        + (offset is null ? "" : $" (attribute at byte {offset})");
}
