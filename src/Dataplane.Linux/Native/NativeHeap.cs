using System.Runtime.InteropServices;

namespace Dataplane.Linux.Native;

/// <summary>The heap of malloc(3), which the runtime's native code uses.</summary>
public static partial class NativeHeap
{
    /// <summary>Returns free pages to the kernel (malloc_trim(3) of glibc). Does nothing with another libc.</summary>
    public static void Trim()
    {
        try
        {
            _ = malloc_trim(0);
        }
        catch (EntryPointNotFoundException)
        {
        }
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint keep);
}
