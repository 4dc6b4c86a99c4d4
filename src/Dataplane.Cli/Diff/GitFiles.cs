using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Cli.Diff;

/// <summary>
/// The manifests of some paths as they are in a git revision, in a temporary directory that is removed at the end. The
/// objects of the repository are read as they are: no hook, filter or attribute of it runs.
/// </summary>
internal sealed class GitFiles : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dataplane-git-").FullName;
    private readonly string _revision;
    private readonly List<string> _paths = [];

    private GitFiles(string revision) => _revision = revision;

    /// <summary>What to load; nothing for a path that the revision does not have.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <param name="paths">Files and directories that exist now.</param>
    /// <exception cref="CommandFailure">A path is in no repository, or there is no such revision.</exception>
    /// <exception cref="ManifestPathException">A path does not exist now.</exception>
    public static GitFiles Extract(Shell shell, string revision, IReadOnlyList<string> paths)
    {
        var files = new GitFiles(revision);
        try
        {
            foreach (var path in paths) files.Add(shell, path);
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>The name of an extracted file in diagnostics, as git writes it: <c>main:manifests/a.yaml</c>.</summary>
    public string NameOf(string file)
    {
        var inside = Path.GetRelativePath(_directory, file);
        return $"{_revision}:{inside[(inside.IndexOf('/', StringComparison.Ordinal) + 1)..]}";
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Add(Shell shell, string path)
    {
        var isDirectory = Directory.Exists(path);
        if (!isDirectory && !File.Exists(path)) throw new ManifestPathException($"{path}: no such file or directory");
        var repository = GitRepository.Of(isDirectory ? path : Path.GetDirectoryName(Path.GetFullPath(path))!, path);
        var inside = isDirectory ? repository.Prefix.TrimEnd('/') : repository.Prefix + Path.GetFileName(path);
        var commit = repository.Resolve(_revision);
        var root = Path.Combine(_directory, $"{_paths.Count}");
        var found = new List<(string Id, string Target)>();
        foreach (var entry in repository.List(commit, inside))
        {
            if (!ManifestLoader.IsManifestName(entry.Path) && entry.Path != inside) continue;
            if (entry.IsLink)
            {
                shell.Error.WriteLine($"note: {_revision}:{entry.Path} is a symbolic link, and is not followed");
                continue;
            }
            var target = Path.GetFullPath(Path.Combine(root, entry.Path));
            // A tree that was made by hand may have such names.
            if (!target.StartsWith($"{root}/", StringComparison.Ordinal)) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            found.Add((entry.Id, target));
        }
        repository.Copy(found);
        if (found.Count > 0) _paths.Add(Path.Combine(root, inside));
        else shell.Error.WriteLine($"note: {path} is not in {_revision}: all of it is new");
    }
}
