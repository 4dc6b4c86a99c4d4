using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Dataplane.Linux.Native;

namespace Dataplane.Linux.Tests.Headers;

/// <summary>
/// Every constant and struct that claims to be a C header's is compared with what the C compiler says.
/// </summary>
public sealed class KernelHeaderTests
{
    [Fact]
    public void Constants_and_layouts_are_the_headers()
    {
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var program = new StringBuilder("#define _GNU_SOURCE\n#include <stdio.h>\n#include <stddef.h>\n");
        // libc's own before those of the kernel, which leave out what libc has defined (linux/libc-compat.h).
        var headers = new SortedSet<string>(Comparer<string>.Create(static (a, b) =>
            (a.StartsWith("linux/", StringComparison.Ordinal), a)
                .CompareTo((b.StartsWith("linux/", StringComparison.Ordinal), b))));
        var body = new StringBuilder();
        foreach (var type in typeof(LinuxException).Assembly.GetTypes())
        {
            if (type.GetCustomAttribute<KernelHeaderAttribute>() is not { } claim)
            {
                continue;
            }

            headers.UnionWith(claim.Headers.Split(' '));
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
                .Where(static f => f.IsLiteral && f.FieldType != typeof(string)))
            {
                if (field.Name != "Size")
                {
                    Expect(field.Name, $"(long long)({field.Name})",
                        Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture));
                }
            }

            if (type.IsValueType)
            {
                Expect($"sizeof {type.Name}", $"(long long)sizeof(struct {type.Name})", Marshal.SizeOf(type));
                foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Instance))
                {
                    Expect($"{type.Name}.{field.Name}", $"(long long)offsetof(struct {type.Name}, {field.Name})",
                        (long)Marshal.OffsetOf(type, field.Name));
                    Expect($"sizeof {type.Name}.{field.Name}",
                        $"(long long)sizeof(((struct {type.Name} *)0)->{field.Name})", Marshal.SizeOf(field.FieldType));
                }
            }
        }

        // A test that finds nothing to compare would pass for ever.
        Assert.True(expected.Count > 400, $"only {expected.Count} claims found");
        foreach (var header in headers)
        {
            program.Append(CultureInfo.InvariantCulture, $"#include <{header}>\n");
        }

        program.Append("int main(void) {\n").Append(body).Append("return 0; }\n");
        Assert.Equal(string.Join('\n', expected.Select(static e => $"{e.Key} = {e.Value}")), Run(program.ToString()));

        void Expect(string name, string expression, long value)
        {
            var text = value.ToString(CultureInfo.InvariantCulture);
            if (expected.TryAdd(name, text))
            {
                body.Append(CultureInfo.InvariantCulture, $"printf(\"%s = %lld\\n\", \"{name}\", {expression});\n");
            }
            else
            {
                Assert.Equal(expected[name], text);
            }
        }
    }

    /// <summary>Compiles and runs; returns the lines in ordinal order.</summary>
    private static string Run(string program)
    {
        using var directory = new TempDirectory();
        var (source, binary) = (directory.Write("claims.c", program), directory["claims"]);
        var compiled = Tool.TryRun(new ProcessStartInfo("cc", ["-w", "-o", binary, source]));
        Assert.SkipWhen(compiled is null, "no C compiler (cc) is installed");
        Assert.True(compiled.Value is { Output: "", Error: "" }, compiled.Value.Error);
        var lines = Tool.Run(binary).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(lines, StringComparer.Ordinal);
        return string.Join('\n', lines);
    }
}
