using System.Diagnostics.CodeAnalysis;

namespace Dataplane.Linux.Native;

/// <summary>Ends the process after a fault that nothing can repair.</summary>
public static class ProcessEnd
{
    /// <summary>EX_SOFTWARE of sysexits.h: a fault of this program.</summary>
    private const int InternalFault = 70;

    /// <summary>
    /// Ends with exit code 70 and without a stack trace, by _exit(2): no thread does anything more. What is enforced
    /// stays in the kernel. The caller has said what happened.
    /// </summary>
    [DoesNotReturn]
    public static void OfInternalFault()
    {
        Libc._exit(InternalFault);
        throw new InvalidOperationException("_exit(2) returned");
    }
}
