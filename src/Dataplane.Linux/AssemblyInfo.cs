using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Dataplane.Linux.Tests")]
