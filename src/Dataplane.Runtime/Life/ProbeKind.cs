namespace Dataplane.Runtime.Life;

public enum ProbeKind
{
    Startup,
    Liveness,
    Readiness,
}
