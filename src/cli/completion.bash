# bash completion for NAME; the program itself says what may follow.
__FUNC_complete()
{
	local line=${COMP_LINE:0:COMP_POINT} piece prefix lead='' word asked answer bits tab=$'\t'
	local -a words=() offers=()
	local i last=-1
	# bash splits words at = and : too: what touches belongs together
	for ((i = 0; i <= COMP_CWORD; i++)); do
		piece=${COMP_WORDS[i]}
		((i < COMP_CWORD)) || piece=${line#"${line%%[![:space:]]*}"}
		if ((last < 0)) || [[ $line = [[:space:]]* || -z $line ]]; then
			line=${line#"${line%%[![:space:]]*}"}
			words[++last]=$piece
			prefix=
		else
			prefix=${words[last]}
			words[last]+=$piece
		fi
		line=${line#"$piece"}
	done
	# readline replaces what follows the last = or :
	word=${words[last]}
	[[ $piece = [=:]* && -n $prefix ]] && prefix=$word
	for i in "${!words[@]}"; do
		case ${words[i]} in
		[\"\']*) words[i]=${words[i]//[\"\']/} ;;
		*) words[i]=${words[i]//\\/} ;;
		esac
	done
	asked=${words[0]/#\~/$HOME}
	answer=$("$asked" ASK "${words[@]:1}" 2>/dev/null) || return
	bits=${answer##*:}
	answer=${answer%:*}
	[[ $bits =~ ^[0-9]+$ ]] || return
	# of --flag=value the value alone is offered
	if [[ $word = --*=* && -n $prefix ]]; then
		prefix=${prefix#"${word%%=*}="}
	elif [[ $word = --*=* ]]; then # not split: = is no word break of this person's
		lead=${word%%=*}=
	fi
	while IFS= read -r word; do
		[ -z "$word" ] || offers+=("$lead${word#"$prefix"}")
	done <<<"$answer"
	COMPREPLY=("${offers[@]%%"$tab"*}")
	if [[ ${#offers[@]} -gt 1 && $COMP_TYPE =~ ^(63|33|64)$ ]]; then
		__FUNC_describe
	fi
	((bits & 2)) && compopt -o nospace 2>/dev/null
	((bits & 4)) || { [ ${#offers[@]} -gt 0 ] && compopt -o default 2>/dev/null; } || compopt -o default -o bashdefault 2>/dev/null
	return 0
}
# The list that a second TAB shows: names, and beside them what they are.
__FUNC_describe()
{
	local i width=0 text
	for i in "${COMPREPLY[@]}"; do ((${#i} > width)) && width=${#i}; done
	for i in "${!offers[@]}"; do
		[[ ${offers[i]} = *"$tab"* ]] || continue
		text=${offers[i]#*"$tab"}
		printf -v text '%-*s  (%s)' "$width" "${COMPREPLY[i]}" "$text"
		COMPREPLY[i]=${text:0:${COLUMNS:-80}}
	done
}
complete -F __FUNC_complete NAME
