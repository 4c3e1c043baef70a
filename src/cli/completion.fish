# fish completion for NAME; the program itself says what may follow.
function __FUNC_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct | string replace -r '^["\']' '')
    set -l answer ($words[1] ASK $words[2..-1] "$last" 2>/dev/null)
    or return 1
    test (count $answer) -gt 0; or return 1
    set -l bits (string replace -r '^:' '' -- $answer[-1])
    set -l prefix (string match -r -- '^--[^=]*=' "$last")
    for line in $answer[1..-2]
        echo -- "$prefix$line"
    end
    # a second one beside the only one keeps fish from ending the word
    if test (math "floor($bits / 2) % 2") -eq 1 -a (count $answer) -eq 2
        echo -- "$prefix"(string split -m 1 \t -- $answer[1])[1].
    end
    if test (math "floor($bits / 4) % 2") -eq 0
        __fish_complete_path "$last"
    end
end
complete -c NAME -e
complete -c NAME -f -a '(__FUNC_complete)'
