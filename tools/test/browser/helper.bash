# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A headless Chromium, spoken to in WebDriver's own JSON: clicks and keys go through the browser's
# input, so what covers a button or steals its focus is found.  `ci/deps browser` brings it.

# shellcheck source=tools/test/cli/helper.bash
source "$(dirname "${BASH_SOURCE[0]}")/../cli/helper.bash"

# Keys that are no characters.  The tests use them.
# shellcheck disable=SC2034
esc='\ue00c' enter='\ue007' tab='\ue004' space=' ' \
	up='\ue013' down='\ue015' left='\ue012' right='\ue014' home='\ue011' end='\ue010'

start_browser() {
	local line

	need chromium chromedriver curl jq
	exec {driver}< <(exec chromedriver --port=0 2>&1)
	driver_pid=$!
	while read -r line <&"$driver"; do
		[[ $line =~ started\ successfully\ on\ port\ ([0-9]+) ]] && break
	done
	base=http://127.0.0.1:${BASH_REMATCH[1]:?chromedriver did not start: $line}
	wd POST /session '{ "capabilities": { "alwaysMatch": { "goog:chromeOptions": { "args": [
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--window-size=1400,1000", "--hide-scrollbars" ] },
		"goog:loggingPrefs": { "browser": "ALL" } } } }' >session
	base=$base/session/$(jq -r .sessionId session)
}

stop_browser() {
	[ -z "${base:-}" ] || curl -s -X DELETE "$base" >/dev/null || true
	[ -z "${driver_pid:-}" ] || kill "$driver_pid" 2>/dev/null || true
}

wd() { # METHOD PATH [JSON]: prints the value of the answer
	local answer

	answer=$(curl -s -X "$1" -H 'Content-Type: application/json' --data-binary "${3:-{\}}" "$base$2")
	jq -e '(.value | type) != "object" or (.value | has("error") | not)' >/dev/null <<<"$answer" ||
		fail "$1 $2 ${3:-}" "$answer" || return
	jq -c .value <<<"$answer"
}

visit() { # FILE
	wd POST /url "$(jq -n --arg url "file://$1" '{ $url }')" >/dev/null
}

js() { # EXPRESSION: its value; strings without their quotes
	wd POST /execute/sync "$(jq -n --arg e "return $1" '{ script: $e, args: [] }')" | jq -r .
}

sees() { # EXPRESSION WANTED
	local found

	found=$(js "$1")
	[ "$found" = "$2" ] || fail "$1" "is $found" "not $2"
}

element() { # XPATH
	wd POST /element "$(jq -n --arg value "$1" '{ using: "xpath", $value }')" | jq -r '.[]'
}

click() { # XPATH: a real click, at its middle
	local id

	id=$(element "$1") || return
	wd POST "/element/$id/click" >/dev/null
}

press() { # KEY...: on whatever has the focus
	local key

	for key; do
		wd POST /actions '{ "actions": [{ "type": "key", "id": "keys", "actions": [
			{ "type": "keyDown", "value": "'"$key"'" }, { "type": "keyUp", "value": "'"$key"'" }] }] }' \
			>/dev/null || return
	done
}

media() { # JSON for Emulation.setEmulatedMedia
	wd POST /goog/cdp/execute '{ "cmd": "Emulation.setEmulatedMedia", "params": '"$1"' }' >/dev/null
}

shot() { # NAME: a picture of the window, for people; REQUILT_SHOTS keeps it
	wd GET /screenshot | jq -r . | base64 -d >"${REQUILT_SHOTS:-$BATS_TEST_TMPDIR}/$1.png"
}
