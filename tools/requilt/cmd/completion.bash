_requilt_offer() { # PROGRAM DIR QUEUE KIND
	local name

	COMPREPLY=()
	case $4 in
	none) ;;
	files)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	dirs)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		;;
	queues | branches | entries)
		while IFS= read -r name; do
			[[ $name != "$cur"* ]] || COMPREPLY+=("$(printf %q "$name")")
		done < <("$1" ${2:+-C "$2"} completion --words "$4" ${3:+"$3"} 2>/dev/null)
		;;
	*)
		mapfile -t COMPREPLY < <(compgen -W "${4//,/ }" -- "$cur")
		;;
	esac
}

_requilt() {
	local cur=${COMP_WORDS[COMP_CWORD]} option='' command='' dir='' queue='' word kind=none ends=''
	local -i at n=0
	local -a plan

	for ((at = 1; at < COMP_CWORD; at++)); do
		word=${COMP_WORDS[at]}
		if [ "$option" ]; then
			[ "$word" != = ] || continue
			case $option in -C | --dir) dir=${word/#\~\//$HOME/} ;; esac
			option=''
		elif [ "$word" = -- ]; then
			ends=1
		elif [[ ! $ends && $word == -?* ]]; then
			! _requilt_kind "$command" "$word" || option=$word
		elif [ ! "$command" ]; then
			command=$word
		else
			[ "$n" -gt 0 ] || queue=$word
			n+=1
		fi
	done
	if [ "$cur" = = ]; then
		cur=''
	fi
	kind=none
	if [ "$option" ]; then
		_requilt_kind "$command" "$option"
	elif [[ ! $ends && $cur == -* ]]; then
		kind=$(_requilt_options "$command")
	elif [ ! "$command" ]; then
		kind=$(_requilt_commands)
	else
		read -ra plan <<<"$(_requilt_plan "$command")"
		if [ "$n" -lt ${#plan[@]} ]; then
			kind=${plan[n]%+}
		elif [[ ${#plan[@]} -gt 0 && ${plan[-1]} == *+ ]]; then
			kind=${plan[-1]%+}
		fi
	fi
	_requilt_offer "${1/#\~\//$HOME/}" "$dir" "$queue" "$kind"
}

complete -F _requilt requilt
