using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Dataplane.Architecture.Tests;

/// <summary>
/// What runs inside a foreign network namespace may not call Tmds.LibC: the runtime compiles the stubs of its functions
/// at their first call, and a thread that it starts meanwhile would stay there for good.
/// </summary>
public sealed class NamespaceCodeTests
{
    private const string Package = "Tmds.LibC";

    /// <summary>
    /// The code inside is what a delegate leads to that is made in a method which calls <c>Netns.Run</c> or
    /// <c>NetnsThread.Run</c>, followed through direct calls within the assembly. More than runs there may be found,
    /// never less, but for virtual calls.
    /// </summary>
    [Theory]
    [InlineData("Dataplane.Linux")]
    [InlineData("Dataplane.Node")]
    public void Code_inside_a_namespace_does_not_call_the_package(string project)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, project + ".dll")));
        var code = new MethodCode(file);
        var entered = code.Methods.Where(m => code.References(m)
            .Any(r => code.IsMethod(r, "Netns", "Run") || code.IsMethod(r, "NetnsThread", "Run")));
        var inside = new HashSet<MethodDefinitionHandle>();
        var open = new Stack<MethodDefinitionHandle>(entered.SelectMany(code.Delegates)
            .Concat(code.Methods.Where(m => code.IsMethod(m, "NetnsThread", null))));
        while (open.TryPop(out var method))
        {
            if (!inside.Add(method)) continue;
            foreach (var next in code.References(method).Select(code.Definition).OfType<MethodDefinitionHandle>())
                open.Push(next);
        }
        Assert.Empty(inside.Where(m => code.References(m).Any(r => code.AssemblyOf(r) == Package)).Select(code.Name));
        if (project == "Dataplane.Linux")
        {
            // Neither half of the comparison is empty.
            Assert.True(inside.Count > 20, $"only {inside.Count} methods found inside");
            Assert.Contains(code.Methods, m => code.References(m).Any(r => code.AssemblyOf(r) == Package));
        }
    }
}
