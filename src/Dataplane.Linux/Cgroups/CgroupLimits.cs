namespace Dataplane.Linux.Cgroups;

/// <summary>What the processes of a group may use together.</summary>
/// <param name="Processes">Threads count too, as for the kernel.</param>
/// <param name="MemoryBytes">Null: no limit.</param>
/// <param name="MilliCpus">Thousandths of a processor; null: no limit.</param>
public readonly record struct CgroupLimits(int Processes, long? MemoryBytes, long? MilliCpus);
