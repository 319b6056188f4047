function __requilt_offer # DIR QUEUE KIND PREFIX
	set -l kind $argv[3]
	set -l program (commandline -opc)[1]
	set -l within
	test -z "$argv[1]"; or set within -C $argv[1]
	set -l queue
	test -z "$argv[2]"; or set queue $argv[2]
	switch $kind
		case none
		case files
			__fish_complete_path (commandline -ct | string replace -r '^--[a-z-]*=' '')
		case dirs
			__fish_complete_directories (commandline -ct | string replace -r '^--[a-z-]*=' '') ''
		case queues branches entries
			$program $within completion --words $kind $queue 2>/dev/null
		case '*'
			string split , -- $kind
	end | string replace -r '^' -- "$argv[4]"
end

function __requilt
	set -l words (commandline -opc)
	set -l cur (commandline -ct)
	set -l option ''
	set -l command ''
	set -l dir ''
	set -l ends ''
	set -l names
	for word in $words[2..]
		if test -n "$option"
			if contains -- $option -C --dir
				set dir (string replace -r '^~/' "$HOME/" -- $word)
			end
			set option ''
		else if test "$word" = --
			set ends 1
		else if test -z "$ends"; and string match -q -- '-?*' $word
			if string match -q -- '--dir=*' $word
				set dir (string replace -r '^--dir=(~/)?' '' -- $word)
				string match -q -- '--dir=~/*' $word; and set dir $HOME/$dir
			end
			__requilt_kind "$command" $word >/dev/null; and set option $word
		else if test -z "$command"
			set command $word
		else
			set -a names $word
		end
	end
	set -l queue $names[1]
	if test -z "$option" -a -z "$ends"; and string match -q -- '--*=*' $cur
		set -l name (string replace -r '=.*' '' -- $cur)
		set -l kind (__requilt_kind "$command" $name); or return
		__requilt_offer "$dir" "$queue" $kind $name=
	else if test -n "$option"
		__requilt_offer "$dir" "$queue" (__requilt_kind "$command" $option) ''
	else if test -z "$ends"; and string match -q -- '-*' $cur
		__requilt_options "$command"
	else if test -z "$command"
		__requilt_commands
	else
		set -l plan (__requilt_plan $command | string split ' ')
		set -l at (math (count $names) + 1)
		if test $at -gt (count $plan)
			string match -q -- '*+' "$plan[-1]"; or return
			set at (count $plan)
		end
		__requilt_offer "$dir" "$queue" (string trim -r -c + -- $plan[$at]) ''
	end
end

complete -c requilt -f -a '(__requilt)'
