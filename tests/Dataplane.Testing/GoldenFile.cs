using System.Collections;

namespace Dataplane.Testing;

/// <summary>
/// Compares text with a file of the source tree that a reviewer has read. With UPDATE_GOLDEN=1 in the environment a
/// file that differs is written anew instead, for a diff to be reviewed; in continuous integration (CI is set) that
/// fails.
/// </summary>
public static class GoldenFile
{
    public const string Variable = "UPDATE_GOLDEN";

    /// <param name="path">Relative to the root of the source tree, with '/'.</param>
    public static void AssertEqual(string path, string actual) =>
        AssertEqual(SourceTree.Full(path), actual, Environment.GetEnvironmentVariables());

    /// <param name="file">The full path of the golden file.</param>
    /// <param name="environment">The environment variables that decide whether the file is written.</param>
    public static void AssertEqual(string file, string actual, IDictionary environment)
    {
        if (environment[Variable] as string == "1")
        {
            var isCi = environment["CI"] is string { Length: > 0 } and not "false";
            Assert.False(isCi, $"{Variable} is set in continuous integration, where golden files are not written");
            if (!File.Exists(file) || File.ReadAllText(file) != actual) File.WriteAllText(file, actual);
            return;
        }
        Assert.True(File.Exists(file), $"no golden file {file}: {Variable}=1 writes it");
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
