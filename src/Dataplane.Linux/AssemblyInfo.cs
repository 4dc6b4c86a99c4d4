using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Dataplane.Linux.Tests")]
[assembly: InternalsVisibleTo("Dataplane.Rules.Tests")]
