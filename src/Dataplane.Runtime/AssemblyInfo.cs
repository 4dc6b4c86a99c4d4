using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Dataplane.Runtime.Tests")]
[assembly: InternalsVisibleTo("dataplane-supervisor")]
