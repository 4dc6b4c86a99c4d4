using System.Text;
using System.Text.Json;
using Dataplane.Api.Networks;
using Dataplane.Cli.Terminal;
using Dataplane.Linux.Files;

namespace Dataplane.Cli.Cni;

/// <summary>The plugin and its network in the directories of a runtime.</summary>
internal sealed class CniFiles(string programs, string networks)
{
    public const string DefaultPrograms = "/opt/cni/bin", DefaultNetworks = "/etc/cni/net.d";

    /// <summary>Runtimes other than podman take the first in the order of names.</summary>
    public const string Network = "10-dataplane.conflist";

    private const UnixFileMode NetworkMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;

    private const UnixFileMode ProgramMode = NetworkMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    public string Programs => programs;

    public string Networks => networks;

    public string ProgramPath => Path.Combine(programs, NetworkConfig.Type);

    public string NetworkPath => Path.Combine(networks, Network);

    /// <summary>The plugin that belongs to this program: beside it.</summary>
    public static string Own => Path.Combine(
        Path.GetDirectoryName(Environment.ProcessPath) ?? AppContext.BaseDirectory, NetworkConfig.Type);

    /// <returns>What was done, a line each.</returns>
    /// <exception cref="CommandFailure">A file is in the way, or cannot be written.</exception>
    public IReadOnlyList<string> Install(string socket, bool force)
    {
        if (!File.Exists(Own))
            throw new CommandFailure(ExitCodes.Input, $"{Own} is missing: the plugin is installed beside this program");
        var network = Encoding.UTF8.GetBytes(
            Text(socket, hasPortmap: File.Exists(Path.Combine(programs, "portmap"))));
        // Before anything is written.
        if (!force && File.Exists(NetworkPath) && !File.ReadAllBytes(NetworkPath).AsSpan().SequenceEqual(network))
        {
            throw new CommandFailure(ExitCodes.Input,
                $"{NetworkPath} is not as it would be written, and stays; compare, or replace it with --force");
        }
        try
        {
            return [Put(ProgramPath, File.ReadAllBytes(Own), ProgramMode), Put(NetworkPath, network, NetworkMode)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.NoAccess, e.Message);
        }
    }

    /// <summary>The network of a runtime whose containers have no labels.</summary>
    /// <param name="hasPortmap">There is the plugin that publishes ports; runtimes refuse a list without it.</param>
    private static string Text(string socket, bool hasPortmap)
    {
        var quoted = JsonEncodedText.Encode(Path.GetFullPath(socket));
        var portmap = !hasPortmap ? "" : """
            ,
                {
                  "type": "portmap",
                  "capabilities": {"portMappings": true}
                }
            """;
        return $$"""
            {
              "cniVersion": "1.0.0",
              "name": "dataplane",
              "plugins": [
                {
                  "type": "{{NetworkConfig.Type}}",
                  "socket": "{{quoted}}",
                  "capabilities": {"ips": true, "dns": true},
                  "dataplane": {"namespace": "default", "labels": {} }
                }{{portmap}}
              ]
            }

            """;
    }

    public static bool AreEqual(string one, string other) =>
        File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));

    private static string Put(string path, byte[] content, UnixFileMode mode)
    {
        var wasThere = File.Exists(path);
        if (wasThere && File.ReadAllBytes(path).AsSpan().SequenceEqual(content) && File.GetUnixFileMode(path) == mode)
            return $"{path} unchanged";
        var directory = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!).FullName;
        // Runtimes do not take a file with a name like this for a network.
        var fresh = $"{path}.new-{Environment.ProcessId}";
        try
        {
            using (var file = new FileStream(fresh, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode,
            }))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.SetUnixFileMode(fresh, mode);
            File.Move(fresh, path, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
        DurableDirectory.Sync(directory);
        return wasThere ? $"{path} replaced" : $"{path} installed";
    }

}
