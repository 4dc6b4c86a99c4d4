using System.Globalization;
using System.Reflection;
using Dataplane.Linux.Native;
using Tmds.Linux;

namespace Dataplane.Linux.Tests.Headers;

/// <summary>
/// Our constants beside those of Tmds.LibC, which holds them for the machine that it runs on: unlike
/// <see cref="KernelHeaderTests"/>, this needs no C compiler.
/// </summary>
public sealed class TmdsConstantTests
{
    [Fact]
    public void Constants_have_the_values_of_the_package()
    {
        var (compared, different) = (0, new List<string>());
        foreach (var field in typeof(LinuxException).Assembly.GetTypes()
            .Where(static t => t.GetCustomAttribute<KernelHeaderAttribute>() is not null)
            .SelectMany(static t => t.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static))
            .Where(static f => f.IsLiteral && f.FieldType != typeof(string)))
        {
            if (typeof(LibC).GetProperty(field.Name)?.GetValue(null) is not { } theirs)
            {
                continue;
            }

            compared++;
            var ours = Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture);
            if (ours != Number(theirs))
            {
                different.Add($"{field.Name} is {ours} here and {Number(theirs)} there");
            }
        }

        Assert.Empty(different);
        // A test that finds nothing to compare would pass for ever.
        Assert.True(compared > 50, $"only {compared} constants compared");
    }

    /// <summary>Some are of types such as sa_family_t, which print their value.</summary>
    private static long Number(object value) => value is IConvertible
        ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
        : long.Parse(value.ToString()!, CultureInfo.InvariantCulture);
}
