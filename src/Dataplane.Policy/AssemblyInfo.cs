using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Dataplane.Policy.Tests")]
