using System.Globalization;
using Dataplane.Linux.Programs;

namespace Dataplane.Runtime.Launching;

/// <summary>
/// A file that decides whether a run begins: a launcher writes into it who becomes the program, or a supervisor that
/// does not find it writes that nobody does. Whoever is first has decided, for good.
/// </summary>
public static class RunClaim
{
    private const string Nobody = "nobody";

    /// <summary>This process becomes the program.</summary>
    /// <returns>False: it must not.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static bool TryTake(string path)
    {
        var id = Environment.ProcessId;
        return TryWrite(path, string.Create(
            CultureInfo.InvariantCulture, $"{id} {ProcessHandle.StartTicksOf(id)}"));
    }

    /// <summary>Who became the program; where that is not decided, nobody does from now on.</summary>
    /// <returns>Null: nobody did.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static (int Id, ulong StartTicks)? Settle(string path)
    {
        if (TryWrite(path, Nobody)) return null;
        var words = File.ReadAllText(path).Split(' ');
        return words is [var id, var ticks]
            ? (int.Parse(id, CultureInfo.InvariantCulture), ulong.Parse(ticks, CultureInfo.InvariantCulture)) : null;
    }

    private static bool TryWrite(string path, string text)
    {
        var own = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}");
        File.WriteAllText(own, text);
        try
        {
            // Never over another one: link(2) fails then.
            File.Move(own, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(own);
        }
    }
}
