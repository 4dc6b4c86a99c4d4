using Dataplane.Cli.Output;

namespace Dataplane.Cli.Page;

/// <summary>The reason of one cell, where the viewer asks for it.</summary>
internal sealed record PageAnswer(string Sentence, SideDocument Leaving, SideDocument Entering);
