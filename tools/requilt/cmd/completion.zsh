_requilt_offer() { # PROGRAM DIR QUEUE KIND
	local -a names

	case $4 in
	none) ;;
	files) _files ;;
	dirs) _files -/ ;;
	queues | branches | entries)
		names=("${(@f)$($1 ${2:+-C} ${2:+$2} completion --words $4 ${3:+$3} 2>/dev/null)}")
		compadd -a names
		;;
	*) compadd -- ${(s:,:)4} ;;
	esac
}

_requilt() {
	local cur=$words[CURRENT] option='' command='' dir='' queue='' word kind=none ends=''
	local -i at n=0
	local -a plan names

	for ((at = 2; at < CURRENT; at++)); do
		word=${(Q)words[at]}
		if [[ -n $option ]]; then
			case $option in (-C | --dir) dir=${word/#\~\//$HOME/} ;; esac
			option=''
		elif [[ $word == -- ]]; then
			ends=1
		elif [[ -z $ends && $word == -?* ]]; then
			[[ $word != --dir=* ]] || dir=${${word#--dir=}/#\~\//$HOME/}
			! _requilt_kind "$command" "$word" || option=$word
		elif [[ -z $command ]]; then
			command=$word
		else
			((n > 0)) || queue=$word
			n+=1
		fi
	done
	kind=none
	if [[ -z $option && -z $ends && $cur == --*=* ]] && _requilt_kind "$command" "${cur%%=*}"; then
		compset -P '*='
	elif [[ -n $option ]]; then
		_requilt_kind "$command" "$option"
	elif [[ -z $ends && $cur == -* ]]; then
		names=("${(@f)$(_requilt_options "$command")}")
		_describe -o option names
		return
	elif [[ -z $command ]]; then
		names=("${(@f)$(_requilt_commands)}")
		_describe command names
		return
	else
		plan=(${=$(_requilt_plan "$command")})
		if ((n < $#plan)); then
			kind=${plan[n + 1]%+}
		elif [[ $#plan -gt 0 && $plan[-1] == *+ ]]; then
			kind=${plan[-1]%+}
		fi
	fi
	_requilt_offer ${words[1]/#\~\//$HOME/} "$dir" "$queue" "$kind"
}

# Loaded from a folder of functions, or by `source`.
if [[ $funcstack[1] == _requilt ]]; then
	_requilt "$@"
else
	compdef _requilt requilt
fi
