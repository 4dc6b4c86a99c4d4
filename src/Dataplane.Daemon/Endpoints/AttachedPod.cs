using System.Net;
using System.Text;
using System.Text.Json;
using Dataplane.Api;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Daemon.Host;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Daemon.Endpoints;

/// <summary>The pod that a container runtime asks for, as the manifest that the state directory keeps.</summary>
internal static class AttachedPod
{
    private const string Interface = "eth0", NamedDirectory = "/run/netns/", OldDirectory = "/var/run/netns/";
    private const int MaxName = 255; // NAME_MAX, linux/limits.h

    /// <exception cref="ApiProblem">The request is not what belongs there.</exception>
    /// <exception cref="RefusalException">No pod can have this name, these labels or addresses.</exception>
    public static HeldAttachment Of(AttachRequest request)
    {
        var name = Name(request.Network, request.Container, request.Interface);
        if (name.Interface != Interface)
            throw Problems.BadRequest($"interface: a pod's interface is {Interface}, not {name.Interface}");
        if (request.Netns is not { Length: > 1 } path || path[0] != '/')
            throw Problems.BadRequest("netns: the absolute path of a network namespace");
        if (request.Namespace is null || request.Name is null || request.Labels is null || request.Addresses is null
            || request.Labels.Values.Contains(null))
        {
            throw Problems.BadRequest("namespace and name: the pod's; labels: an object; addresses: a list");
        }
        foreach (var address in request.Addresses)
        {
            if (address is null || !IPAddress.TryParse(address, out _))
                throw Problems.BadRequest($"addresses: {Visible.Line(address ?? "null")} is no IP address");
        }
        var loaded = ManifestLoader.LoadTexts([new SourceText(name.File, Manifest(request), 1)]);
        if (loaded.HasErrors || loaded.Documents is not [var document])
            throw RefusalException.Invalid(loaded.Diagnostics);
        return HeldAttachment.Of(new HeldDocument(document, null, isAttachment: true));
    }

    /// <exception cref="ApiProblem">One of them is none.</exception>
    public static AttachmentName Name(string? network, string? container, string? name)
    {
        Require("network", network);
        Require("container", container);
        if (name is not { Length: > 0 and <= MaxName } || name.Contains('/') || name.Any(char.IsControl))
            throw Problems.BadRequest("interface: the name of a network interface");
        return new AttachmentName(network!, container!, name);
    }

    /// <summary>As libcni wants both: a letter or digit, then these and <c>_.-</c>.</summary>
    private static void Require(string what, string? text)
    {
        if (text is not { Length: > 0 and <= MaxName } || !char.IsAsciiLetterOrDigit(text[0])
            || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
        {
            throw Problems.BadRequest($"{what}: letters, digits, '_', '.' and '-', the first a letter or digit");
        }
    }

    private static string Manifest(AttachRequest request)
    {
        var text = new StringBuilder("apiVersion: v1\nkind: Pod\nmetadata:\n");
        text.Append($"  namespace: {Quoted(request.Namespace)}\n  name: {Quoted(request.Name)}\n");
        if (request.Labels.Count > 0)
        {
            text.Append("  labels:\n");
            foreach (var (key, value) in request.Labels.OrderBy(l => l.Key, StringComparer.Ordinal))
                text.Append($"    {Quoted(key)}: {Quoted(value)}\n");
        }
        text.Append($"  annotations: {{dataplane/netns: {Quoted(Netns(request.Netns))}}}\n");
        text.Append("spec:\n  containers:\n  - {name: container}\n");
        if (request.Addresses.Count > 0)
        {
            text.Append("status:\n  podIPs:\n");
            foreach (var address in request.Addresses)
                text.Append($"  - {{ip: {Quoted($"{IPAddress.Parse(address)}")}}}\n");
        }
        return text.ToString();
    }

    /// <summary>A namespace below /run/netns is known by its name: tools for names can enter it.</summary>
    private static string Netns(string path)
    {
        foreach (var directory in (string[])[NamedDirectory, OldDirectory])
        {
            if (path.StartsWith(directory, StringComparison.Ordinal)
                && path[directory.Length..] is { Length: > 0 } name
                && !name.Contains('/') && name is not ("." or ".."))
            {
                return name;
            }
        }
        return path;
    }

    /// <summary>JSON in ASCII is a quoted scalar of YAML.</summary>
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
