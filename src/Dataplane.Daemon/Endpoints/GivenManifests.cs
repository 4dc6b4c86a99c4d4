using Dataplane.Api;
using Dataplane.Control.Refusals;
using Dataplane.Daemon.Host;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Daemon.Endpoints;

/// <summary>Loads the manifests of a request, before it waits in the queue.</summary>
internal static class GivenManifests
{
    private const int MaxName = 4096; // PATH_MAX, linux/limits.h
    private const int Large = 1 << 20; // Characters.

    /// <summary>Large manifests are loaded one at a time: their syntax trees are many times their size.</summary>
    private static readonly SemaphoreSlim LargeLoads = new(1);

    /// <exception cref="ApiProblem">The files are not what belongs there.</exception>
    /// <exception cref="RefusalException">The manifests have errors.</exception>
    public static async Task<LoadResult> Load(IReadOnlyList<ManifestFile>? files, CancellationToken stop)
    {
        if (files is null || files.Any(f => f?.Name is null || f.Text is null))
            throw Problems.BadRequest("files: a list of objects with name and text");
        if (files.Any(f => f.Name.Length is 0 or > MaxName || f.Name.Any(char.IsControl)))
            throw Problems.BadRequest($"files: a name is 1 to {MaxName} printable characters");
        if (files.Any(f => f.FirstLine < 1)) throw Problems.BadRequest("files: firstLine counts from 1");
        if (files.Any(f => f.Namespace is { } ns && Names.Label(ns) is not null))
            throw Problems.BadRequest("files: a namespace is a name of a namespace");
        if (files.Sum(f => (long)f.Text.Length) < Large) return Load(files);
        await LargeLoads.WaitAsync(stop);
        try
        {
            return Load(files);
        }
        finally
        {
            LargeLoads.Release();
        }
    }

    private static LoadResult Load(IReadOnlyList<ManifestFile> files)
    {
        var sources = files.Select(f => new SourceText(f.Name, f.Text, f.FirstLine)
        {
            Namespace = f.Namespace,
        });
        var loaded = ManifestLoader.LoadTexts(sources);
        return loaded.HasErrors ? throw RefusalException.Invalid(loaded.Diagnostics) : loaded;
    }
}
