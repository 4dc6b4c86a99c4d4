using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Dataplane.Integration")]
