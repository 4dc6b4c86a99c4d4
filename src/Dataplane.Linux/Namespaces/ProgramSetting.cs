namespace Dataplane.Linux.Namespaces;

/// <summary>What a program of a container finds around it, beside its network.</summary>
/// <param name="HostName">At most 64 bytes.</param>
/// <param name="Directory">The working directory.</param>
/// <param name="Environment">All of it: nothing is inherited.</param>
/// <param name="User">The number of the user; 0 is root.</param>
/// <param name="Groups">Further groups; those of this process are left.</param>
/// <param name="MayGain">False: no program gives it more than it has, prctl(2) PR_SET_NO_NEW_PRIVS.</param>
/// <param name="Errors">The descriptor at which a failure is told.</param>
public sealed record ProgramSetting(string HostName, string Directory, IReadOnlyDictionary<string, string> Environment,
    uint User, uint Group, IReadOnlyList<uint> Groups, bool MayGain, int Errors);
