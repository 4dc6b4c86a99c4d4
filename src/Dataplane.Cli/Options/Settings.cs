using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Sockets;
using Dataplane.Cli.Connection;
using Dataplane.Kubernetes.Validation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Cli.Options;

/// <summary>Options that several commands share, with their validation.</summary>
internal static class Settings
{
    /// <summary>The value's name of an option whose value may begin with a dash.</summary>
    public const string FreeText = "EXPRESSION";

    /// <param name="greedy">True to take all words that follow a path as further paths; not for commands that have
    /// arguments.</param>
    public static Option<string[]> Files(bool greedy = true) => new("--filename", "-f")
    {
        HelpName = "PATH",
        AllowMultipleArgumentsPerToken = greedy,
        Description = "Manifests: a file, a directory (with all below it), or - for standard input; may be repeated",
    };

    public static Option<string[]> Exclude() => new("--exclude")
    {
        HelpName = "GLOB",
        Description = "Pass over files and directories whose names match, such as charts or '*.tmpl.yaml'; with a /, "
            + "whose paths below the given directory do, such as 'overlays/*/old'; may be repeated",
    };

    public static Option<Probe[]> Probes() => new("--probe")
    {
        HelpName = "TCP:80",
        CustomParser = result => ParseProbes("--probe", result),
        Description = "What to ask for: TCP:80, UDP:53, SCTP:132 or ICMP, also tcp/80 or 80 (TCP); may be repeated.\n"
            + "Default: every port that a pod declares or a policy names; TCP:80 where there is none",
    };

    public static Option<string[]> Externals() => new("--external")
    {
        HelpName = "IP",
        Description = "An address outside the pod network to ask about too; may be repeated",
    };

    /// <summary>As <see cref="Externals"/>, of a question that sends no packets.</summary>
    public static Option<string[]> ExternalsAndPods() => new("--external")
    {
        HelpName = "IP|NAMESPACE/{K=V}",
        Description = "An address outside the pod network to ask about too, or a pod with these labels that is not\n"
            + "loaded: namespace/{app=x,tier=y}; may be repeated",
    };

    public static Option<AddressFamily?> Family() => new("--family")
    {
        HelpName = "4|6",
        CustomParser = ParseFamily,
        Description = "Only IPv4 or only IPv6; default both",
    };

    public static Option<int?> Sample()
    {
        var option = new Option<int?>("--sample")
        {
            HelpName = "N",
            Description = "At most N flows instead of all, at least one of every compiled decision if N allows:\na "
                + "pair of classes of addresses, and the entries that decide between them",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..]
                && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    && count > 0))
            {
                result.AddError($"--sample {token.Value}: no number from 1 on");
            }
        });
        return option;
    }

    public static Option<int?> Seed()
    {
        var option = new Option<int?>("--seed")
        {
            HelpName = "S",
            Description = "With --sample: the same seed chooses the same flows; default 1"
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..]
                && !int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                result.AddError($"--seed {token.Value}: no whole number");
            }
        });
        return option;
    }

    /// <param name="formats">The allowed formats; the first is the default.</param>
    public static Option<string> Output(params string[] formats) => OneOf("--output", "-o", "How to print it", formats);

    public static Option<string> OneOf(string name, string? alias, string description, string[] words)
    {
        var option = new Option<string>(name, alias is null ? [] : [alias])
        {
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => words[0],
            Description = words.Length > 1 ? $"{description}; default {words[0]}" : description,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && !words.Contains(token.Value))
                result.AddError($"{name} {token.Value}: not one of {string.Join(", ", words)}");
        });
        return option;
    }

    public static Option<Probe?> Port(string unset = "every port that DST declares, one answer each;\n"
        + "where it declares none, those that policies of DST or SRC name, else TCP 80") => new("--port", "-p")
    {
        HelpName = "tcp/80",
        CustomParser = result => ParseProbes("--port", result) is [var probe] ? probe : null,
        Description = $"Also 80 (TCP), TCP:80, UDP:53, SCTP:132, ICMP.\nDefault: {unset}",
    };

    /// <summary>The text of <c>--wait</c> without a value; see <see cref="SpellOut(IReadOnlyList{string})"/>.</summary>
    private const string WaitLong = "--wait=30";

    public static Option<double?> Wait() => new("--wait")
    {
        HelpName = "[=SECONDS]",
        CustomParser = DaemonChoice.Seconds,
        Description = "Answer when a packet has proved the change, or fail after so many seconds, 30 unless given",
    };

    /// <summary>
    /// Replaces a bare <c>--wait</c> by <c>--wait=30</c>, so that the following word is not parsed as its value, and
    /// kubectl's two dry runs by the one that there is.
    /// </summary>
    public static IReadOnlyList<string> SpellOut(IReadOnlyList<string> args)
    {
        var own = args.TakeWhile(word => word != "--").Count();
        return [.. args.Select((word, at) => at < own ? SpellOut(word) : word)];
    }

    private static string SpellOut(string word) => word switch
    {
        "--wait" => WaitLong,
        "--dry-run=client" or "--dry-run=server" => "--dry-run",
        "--dry-run=none" => "--dry-run=false",
        _ => word,
    };

    public static Option<bool> DryRun() =>
        new("--dry-run") { Description = "Tell what would happen, and change nothing" };

    /// <param name="of">What has the namespace.</param>
    public static Option<string> Namespace(string of = $"Of names without one; default {ObjectNames.DefaultNamespace}")
    {
        var option = new Option<string>("--namespace", "-n")
        {
            HelpName = "NS",
            Description = of,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && Names.Label(token.Value) is { } wrong)
                result.AddError($"--namespace {token.Value}: {wrong}");
        });
        return option;
    }

    private static Probe[] ParseProbes(string option, ArgumentResult result)
    {
        var probes = new List<Probe>();
        foreach (var token in result.Tokens)
        {
            if (ProbeText.TryParse(token.Value, out var probe, out var error)) probes.Add(probe);
            else result.AddError($"{option} {error}");
        }
        return [.. probes];
    }

    private static AddressFamily? ParseFamily(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (text == "4") return AddressFamily.InterNetwork;
        if (text == "6") return AddressFamily.InterNetworkV6;
        result.AddError($"--family {text}: not one of 4, 6");
        return null;
    }
}
