using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Dataplane.ApiMachinery.Tests;

/// <summary>Random mappings of a few keys, so that two of them have much in common.</summary>
internal static class RandomJson
{
    /// <summary>Fails the test with a pair where the property does not hold.</summary>
    public static void ForAll(Func<JsonObject, JsonObject, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
            Gen.Choose(0, int.MaxValue).Two().ToArbitrary(),
            seeds => property(Object(new Random(seeds.Item1), 3), Object(new Random(seeds.Item2), 3))));

    private static JsonObject Object(Random random, int depth)
    {
        var result = new JsonObject();
        for (var i = random.Next(5); i > 0; i--)
        {
            result[$"{(char)('a' + random.Next(4))}"] = Value(random, depth - 1);
        }
        return result;
    }

    private static JsonNode Value(Random random, int depth) => (depth > 0 ? random.Next(5) : random.Next(3)) switch
    {
        0 => random.Next(3),
        1 => $"{random.Next(3)}",
        2 => random.Next(2) == 0,
        3 => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Value(random, depth - 1))]),
        _ => Object(random, depth),
    };
}
