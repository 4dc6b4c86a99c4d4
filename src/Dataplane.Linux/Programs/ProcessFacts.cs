using System.Globalization;
using System.Text;

namespace Dataplane.Linux.Programs;

/// <summary>What a program beside a running one has to be like, to be one of its container: proc(5).</summary>
/// <param name="User">Its effective user.</param>
/// <param name="Capabilities">The most that it, or what it runs, may have: CapBnd of proc_pid_status(5).</param>
/// <param name="MayGain">False: PR_SET_NO_NEW_PRIVS is set.</param>
/// <param name="Environment">That it began with.</param>
/// <param name="MemberFiles">A process that writes 0 to all of them is in its control groups.</param>
public sealed record ProcessFacts(uint User, uint Group, IReadOnlyList<uint> Groups, ulong Capabilities, bool MayGain,
    IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> MemberFiles)
{
    private const string Mount = "/sys/fs/cgroup";

    private const int Effective = 1;

    /// <returns>Null: there is no such process any more.</returns>
    public static ProcessFacts? Of(int id)
    {
        var proc = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}");
        try
        {
            var status = File.ReadLines($"{proc}/status").Select(l => l.Split(':', 2))
                .ToDictionary(l => l[0], l => l[1].Trim());
            return new ProcessFacts(Numbers(status["Uid"])[Effective], Numbers(status["Gid"])[Effective],
                Numbers(status["Groups"]), ulong.Parse(status["CapBnd"], NumberStyles.HexNumber,
                    CultureInfo.InvariantCulture),
                status.GetValueOrDefault("NoNewPrivs") != "1", Variables(File.ReadAllBytes($"{proc}/environ")),
                [.. File.ReadLines($"{proc}/cgroup").Select(Members).OfType<string>()]);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static uint[] Numbers(string text) => [.. text.Split((char[])['\t', ' '],
        StringSplitOptions.RemoveEmptyEntries).Select(n => uint.Parse(n, CultureInfo.InvariantCulture))];

    private static Dictionary<string, string> Variables(byte[] environ)
    {
        var variables = new Dictionary<string, string>();
        foreach (var variable in Encoding.UTF8.GetString(environ).Split('\0'))
        {
            if (variable.Split('=', 2) is [{ Length: > 0 } name, var value]) variables[name] = value;
        }
        return variables;
    }

    /// <param name="line">Such as <c>0::/a/b</c>, or <c>4:memory:/a/b</c> where each controller has a
    /// hierarchy.</param>
    private static string? Members(string line)
    {
        if (line.Split(':', 3) is not [_, var controllers, var path] || path == "/") return null;
        var file = $"{Mount}/{controllers}{path}/cgroup.procs";
        return File.Exists(file) ? file : null;
    }
}
