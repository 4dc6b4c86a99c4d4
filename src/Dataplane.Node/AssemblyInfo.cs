using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Dataplane.Bench")]
[assembly: InternalsVisibleTo("Dataplane.Integration")]
