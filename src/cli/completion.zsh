#compdef NAME
# zsh completion for NAME; the program itself says what may follow.
_FUNC()
{
	local answer line bits tab=$'\t'
	local -a names shown hidden
	answer="$("${(Q)words[1]/#\~/$HOME}" ASK "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)" || return 1
	bits=${answer##*:}
	[[ $bits == <-> ]] || return 1
	# of --flag=value the value alone is offered
	[[ $PREFIX == --*=* ]] && compset -P '*='
	for line in "${(@f)${answer%:*}}"; do
		[[ -n $line ]] || continue
		names+=("${line%%$tab*}")
		if [[ $line == *$tab* ]]; then
			shown+=("${line%%$tab*}  -- ${line#*$tab}")
		else
			shown+=("$line")
		fi
	done
	local -a how
	(( bits & 2 )) && how=(-S '')
	if (( ${#names} )); then
		compadd -l "${how[@]}" -d shown -a names
	fi
	(( bits & 4 )) || _files
}
# sourced, or found in fpath
if [[ $funcstack[1] == _FUNC ]]; then
	_FUNC "$@"
else
	compdef _FUNC NAME
fi
