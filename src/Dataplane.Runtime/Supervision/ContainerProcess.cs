namespace Dataplane.Runtime.Supervision;

/// <summary>The first process of a container.</summary>
/// <param name="Container">The name of the container.</param>
/// <param name="Id">In the supervisor's process namespace.</param>
/// <param name="StartTicks">Field 22 of /proc/PID/stat, proc(5): with <paramref name="Id"/> it names the process for
/// ever.</param>
public sealed record ContainerProcess(string Container, int Id, ulong StartTicks);
