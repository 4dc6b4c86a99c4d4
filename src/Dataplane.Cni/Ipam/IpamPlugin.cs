using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Dataplane.Api.Networks;
using Dataplane.Cni.Protocol;

namespace Dataplane.Cni.Ipam;

/// <summary>
/// Another plugin that assigns the addresses (CNI specification, "Plugin Delegation"): it gets the same environment and
/// the same configuration.
/// </summary>
internal sealed class IpamPlugin
{
    private readonly string _program;
    private readonly ReadOnlyMemory<byte> _config;

    private IpamPlugin(string program, ReadOnlyMemory<byte> config) => (_program, _config) = (program, config);

    /// <param name="path">CNI_PATH: directories between colons.</param>
    /// <exception cref="CniException">No directory of the path has it.</exception>
    public static IpamPlugin? Of(NetworkConfig config, ConfigText text, string? path)
    {
        if (config.Ipam is not { } type) return null;
        var program = (path ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, type)).FirstOrDefault(File.Exists);
        return program is not null ? new IpamPlugin(program, text.Utf8)
            : throw new CniException(
                ErrorCode.InvalidConfig, $"ipam.type: there is no plugin {type} in CNI_PATH={path}");
    }

    /// <returns>The addresses, at most one of each family.</returns>
    /// <exception cref="CniException">The plugin failed; its own code and words.</exception>
    public IReadOnlyList<string> Add()
    {
        var result = Parse(Run("ADD"));
        var addresses = (result["ips"]?.Items ?? []).Select(ip => ip["address"]?.String)
            .Concat([result["ip4"]?["ip"]?.String, result["ip6"]?["ip"]?.String])
            .OfType<string>().Select(a => a.Split('/')[0]).ToList();
        return addresses.Count > 0 ? addresses
            : throw new CniException(ErrorCode.InvalidConfig, $"{_program} assigned no address");
    }

    /// <exception cref="CniException">The plugin failed.</exception>
    public void Delete() => Run("DEL");

    /// <inheritdoc cref="Delete"/>
    public void Check() => Run("CHECK");

    private byte[] Run(string command)
    {
        var start = new ProcessStartInfo(_program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        start.Environment["CNI_COMMAND"] = command;
        try
        {
            using var plugin = Process.Start(start)!;
            try
            {
                plugin.StandardInput.BaseStream.Write(_config.Span);
                plugin.StandardInput.Close();
            }
            catch (IOException)
            {
                // It did not read all: its answer says why.
            }
            var output = new MemoryStream();
            plugin.StandardOutput.BaseStream.CopyTo(output);
            plugin.WaitForExit();
            return plugin.ExitCode == 0 ? output.ToArray() : throw Failure(output.ToArray());
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new CniException(ErrorCode.InvalidConfig, $"{_program} cannot be run: {e.Message}");
        }
    }

    private CniException Failure(byte[] output)
    {
        var error = Parse(output);
        var code = error["code"] is { Kind: JsonTokenType.Number } number
            && int.TryParse(Encoding.ASCII.GetString(number.Raw), out var given) ? given : ErrorCode.Internal;
        return new CniException(
            code, $"{_program}: {error["msg"]?.String ?? "it failed without a word"}", error["details"]?.String);
    }

    private ConfigValue Parse(byte[] output)
    {
        try
        {
            return ConfigValue.Parse(new ConfigText(output));
        }
        catch (ConfigException e)
        {
            throw new CniException(ErrorCode.Undecodable, $"{_program}: what it answers is {e.Message}");
        }
    }
}
