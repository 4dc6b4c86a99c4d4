using System.Runtime.InteropServices;

namespace Dataplane.Linux.Native;

/// <summary>What the runtime's own code has allocated by malloc(3).</summary>
public static partial class NativeHeap
{
    /// <summary>Gives pages that are free back to the kernel, wherever they lie in the heaps: malloc_trim(3), of glibc. Elsewhere nothing happens.</summary>
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
