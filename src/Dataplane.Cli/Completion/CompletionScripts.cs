namespace Dataplane.Cli.Completion;

/// <summary>
/// Completion scripts for each shell: they pass the words before the cursor to the program and offer its answer, or
/// files if the answer is empty.
/// </summary>
internal static class CompletionScripts
{
    public static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static string For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        _ => Fish,
    };

    private const string Bash = """
        # dataplane completion bash
        _dataplane() {
            local word
            COMPREPLY=()
            while IFS=$'\t' read -r word _; do
                COMPREPLY+=("$word")
            done < <("$1" __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
            # A value is still to come behind these.
            if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[:=] ]]; then compopt -o nospace; fi
        }
        complete -o bashdefault -o default -F _dataplane dataplane

        """;

    private const string Zsh = """
        #compdef dataplane
        _dataplane() {
            local line
            local -a found
            while IFS= read -r line; do
                line=${line//:/\\:}
                found+=("${line/$'\t'/:}")
            done < <("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
            if (( $#found )); then
                _describe dataplane found
            else
                _files
            fi
        }
        if [[ $funcstack[1] == _dataplane ]]; then
            _dataplane "$@"
        else
            compdef _dataplane dataplane
        fi

        """;

    private const string Fish = """
        # dataplane completion fish
        function __dataplane_complete
            set -l before (commandline -opc)
            set -l typed (commandline -ct)
            set -l found ($before[1] __complete -- $before[2..-1] "$typed" 2>/dev/null)
            if test (count $found) -gt 0
                printf '%s\n' $found
            else
                __fish_complete_path "$typed"
            end
        end
        complete -c dataplane -f -a '(__dataplane_complete)'

        """;
}
