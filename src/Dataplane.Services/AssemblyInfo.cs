using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Dataplane.Services.Tests")]
