using Dataplane.Api.Networks;
using Dataplane.Cni.Commands;
using Dataplane.Cni.Ipam;
using Dataplane.Cni.Protocol;
using Dataplane.Cni.Results;

namespace Dataplane.Cni;

/// <summary>
/// The plugin: one request in the environment and on standard input, one answer on standard output. It knows nothing
/// and keeps nothing, all of that is the daemon's.
/// </summary>
internal static class Program
{
    /// <summary>Bytes of a configuration with the results of other plugins; more is no configuration.</summary>
    private const int MaxInput = 4 << 20;

    public static int Main()
    {
        var version = CniVersion.Latest.ToString();
        try
        {
            using var output = Console.OpenStandardOutput();
            output.Write(Answer(Environment.GetEnvironmentVariable, Console.OpenStandardInput(), ref version));
            return 0;
        }
        catch (CniException e)
        {
            return Fail(version, e);
        }
        catch (Exception e)
        {
            return Fail(version, new CniException(ErrorCode.Internal, e.Message, e.GetType().Name));
        }
    }

    /// <param name="version">The request's, as soon as it is known.</param>
    internal static byte[] Answer(Func<string, string?> variable, Stream input, ref string version)
    {
        var command = variable("CNI_COMMAND") is { Length: > 0 } given ? given
            : throw new CniException(ErrorCode.InvalidEnvironment, "CNI_COMMAND is not set",
                "this is a CNI plugin, which a container runtime runs: see dataplane cni --help");
        var text = Read(input);
        if (command == "VERSION") return Version(text);
        if (command is not ("ADD" or "DEL" or "CHECK" or "GC" or "STATUS"))
            throw new CniException(ErrorCode.InvalidEnvironment, $"CNI_COMMAND={command} is not known");
        var config = Config(text, ref version);
        if ((command == "CHECK" && !config.Version.HasCheck)
            || (command is "GC" or "STATUS" && !config.Version.HasCollect))
        {
            throw new CniException(ErrorCode.IncompatibleVersion, $"cniVersion {config.Version} has no {command}",
                $"there is one in {(command == "CHECK" ? "0.4.0" : "1.1.0")} and later");
        }
        if (command == "GC") return DeleteCommand.Collect(config);
        if (command == "STATUS") return CheckCommand.Status(config);
        var asked = Invocation.Of(variable, needsNetns: command != "DEL");
        var ipam = IpamPlugin.Of(config, text, variable("CNI_PATH"));
        return command switch
        {
            "ADD" => AddCommand.Run(config, asked, ipam),
            "DEL" => DeleteCommand.Run(config, asked, ipam),
            _ => CheckCommand.Run(config, asked, ipam),
        };
    }

    private static ConfigText Read(Stream input)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (input.Read(buffer) is > 0 and var read)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MaxInput)
                throw new CniException(ErrorCode.Undecodable, $"the configuration has more than {MaxInput >> 20} MiB");
        }
        return new ConfigText(bytes.ToArray());
    }

    /// <summary>In the version of the request, where it names one that is supported.</summary>
    private static byte[] Version(ConfigText text)
    {
        var asked = text.Utf8.Length == 0 ? null : Parse(text)["cniVersion"]?.String;
        return VersionWriter.Write($"{(asked is null ? null : CniVersion.Of(asked)) ?? CniVersion.Latest}");
    }

    private static NetworkConfig Config(ConfigText text, ref string version)
    {
        var value = Parse(text);
        if (value["cniVersion"]?.String is { } asked)
        {
            if (CniVersion.Of(asked) is null)
            {
                throw new CniException(ErrorCode.IncompatibleVersion, $"cniVersion {asked} is not supported",
                    $"there are {string.Join(", ", CniVersion.Supported)}");
            }
            version = asked;
        }
        try
        {
            return NetworkConfigReader.Read(value);
        }
        catch (ConfigException e)
        {
            var problem = e.Problems[0];
            throw new CniException(problem.IsUnsupported ? ErrorCode.UnsupportedField : ErrorCode.InvalidConfig,
                e.Message, e.Problems.Count > 1 ? string.Join("; ", e.Problems.Skip(1)) : null);
        }
    }

    private static ConfigValue Parse(ConfigText text)
    {
        try
        {
            return ConfigValue.Parse(text);
        }
        catch (ConfigException e)
        {
            throw new CniException(ErrorCode.Undecodable, e.Message);
        }
    }

    private static int Fail(string version, CniException error)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(ErrorWriter.Write(version, error));
        return 1;
    }
}
