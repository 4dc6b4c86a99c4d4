using Dataplane.Testing.Shapes;

namespace Dataplane.Rules.Tests;

/// <summary>docs/sets.md promises that elements grow with pods + rules. Here is where the promise is kept.</summary>
public sealed class ElementBounds
{
    /// <summary>
    /// For each of two addresses: identity, self, and in each direction four roles and an isolated class.
    /// </summary>
    private const int PerPod = 24;

    /// <summary>See <see cref="WorstShape.Written"/>.</summary>
    private const int PerLine = 4;

    public static TheoryData<string> Shapes => [.. WorstShape.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Elements_stay_within_pods_plus_rules(string name)
    {
        var shape = WorstShape.All.Single(s => s.Name == name);
        var cluster = shape.Of(shape.DefaultSize);
        Assert.InRange(ElementCount.Of(cluster), 1,
            PerPod * cluster.Pods.Count + PerLine * WorstShape.Written(cluster));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Twice_the_shape_is_about_twice_the_elements(string name)
    {
        var shape = WorstShape.All.Single(s => s.Name == name);
        var once = ElementCount.Of(shape.Of(shape.DefaultSize / 2));
        var twice = ElementCount.Of(shape.Of(shape.DefaultSize));
        Assert.InRange((double)twice / once, 0.9, 2.2);
    }
}
