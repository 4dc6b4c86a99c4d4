using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Dataplane.Bench")]
[assembly: InternalsVisibleTo("Dataplane.Linux.Tests")]
[assembly: InternalsVisibleTo("Dataplane.Rules.Tests")]
[assembly: InternalsVisibleTo("Dataplane.Integration")]
