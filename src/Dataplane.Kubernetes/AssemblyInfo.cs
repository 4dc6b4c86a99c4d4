using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Dataplane.ApiMachinery.Tests")]
