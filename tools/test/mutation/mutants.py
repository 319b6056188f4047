# SPDX-License-Identifier: GPL-2.0-only
"""One-line mutants of C sources: which there are, and a sample of them for a seed.

Reads the house style, not C: a function's body begins with '{' and ends with '}' in column 0.  Text in
strings and comments is never changed, and neither is anything outside of functions.
"""
import random
import re
from collections import namedtuple
from pathlib import Path

Mutant = namedtuple('Mutant', 'file line kind old new')

KINDS = ['early return', 'dropped call', 'and/or', 'off by one', 'plus/minus', 'check removed', 'comparison',
         'condition negated', 'constant', 'true/false', 'continue/break', 'return 0']
ROOMS = ['apply', 'patch', 'emit', 'series', 'walk', 'queue', 'semantic', 'resolve', 'git', 'import', 'tree']
COMPARED = {'==': ['!='], '!=': ['=='], '<': ['>', '>='], '>': ['<', '<='], '<=': ['>', '>='], '>=': ['<', '<=']}
BOUNDS = {'<': '<=', '>': '>=', '<=': '<', '>=': '>'}


def blank(text):
    """The text with comments and what is between quotes blanked; of the same length."""
    def spaces(match):
        quoted = match.group()
        if quoted[0] in '"\'':
            return quoted[0] + re.sub(r'[^\n]', '_', quoted[1:-1]) + quoted[-1]
        return re.sub(r'[^\n]', ' ', quoted)
    return re.sub(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*.*?\*/', spaces, text, flags=re.S)


def returned(signature):
    """What a function of this signature can return at once, or None where we cannot tell."""
    match = re.search(r'^((?:\w+ )+)(\**)\w+\(', signature.strip())
    if not match:
        return None
    words = [w for w in match.group(1).split() if w not in ('static', 'inline', 'const', 'extern')]
    if match.group(2):
        return ['return NULL;']
    if words == ['void']:
        return ['return;']
    if words == ['bool']:
        return ['return false;', 'return true;']
    if words[:1] == ['struct'] or not words:
        return None
    return ['return 0;']


def closes(code, start):
    """The index of the parenthesis that closes the one at start, or -1."""
    depth = 0
    for i in range(start, len(code)):
        depth += (code[i] == '(') - (code[i] == ')')
        if not depth:
            return i
    return -1


def replaced(line, match, text):
    return line[:match.start()] + text + line[match.end():]


def of_line(line, code, before, gives):
    """Pairs of kind and new line for one line of a function's body."""
    call = re.match(r'\t+(?:\(void\))?[a-z_]\w*(?:(?:->|\.)\w+)*(\()', code)
    if call and closes(code, call.start(1)) == len(code) - 2 and code.endswith(');'):
        yield 'dropped call', line[:len(line) - len(line.lstrip())] + ';'
    statement = re.match(r'\t+(?!(?:const|static|struct|enum|case|default|else|return|break|continue|char|int|long|'
                         r'bool|size_t|unsigned|_cleanup_\w*|rq_vec)\b)[a-z*(]', code)
    if statement and before.rstrip().endswith((';', '{', '}')) and gives and not re.match(r'\t+\w+ \*?\w+( =|;|,)', code):
        indent = line[:len(line) - len(line.lstrip())]
        for text in gives:
            yield 'early return', indent + text + ' ' + line.lstrip()
    for match in re.finditer(r'&&|\|\|', code):
        yield 'and/or', replaced(line, match, '||' if match.group() == '&&' else '&&')
    for match in re.finditer(r'(?<= )(==|!=|<=|>=|<|>)(?= )', code):
        if code.lstrip().startswith('#'):
            continue
        for text in COMPARED[match.group()]:
            yield 'comparison', replaced(line, match, text)
        if match.group() in BOUNDS:
            yield 'off by one', replaced(line, match, BOUNDS[match.group()])
    for match in re.finditer(r' ([+-]) 1\b(?![.\w])', code):
        yield 'off by one', replaced(line, match, f' {match.group(1)} 2')
        yield 'off by one', replaced(line, match, '')
    for match in re.finditer(r'\[(\w+)\]', code):
        if not re.search(r'\b(char|int|bool|struct \w+|size_t) \w+$', code[:match.start()]):
            yield 'off by one', replaced(line, match, f'[{match.group(1)} + 1]')
    for match in re.finditer(r'(?<= )([+-])(=?)(?= )', code):
        other = '-' if match.group(1) == '+' else '+'
        yield 'plus/minus', replaced(line, match, other + match.group(2))
    for match in re.finditer(r'\+\+|--(?!>)', code):
        yield 'plus/minus', replaced(line, match, '--' if match.group() == '++' else '++')
    check = re.match(r'\t+(?:\} )?(?:else )?(if|while) (\()', code)
    if check:
        end = closes(code, check.start(2))
        if end > 0:
            inner = line[check.end(2):end]
            yield 'condition negated', line[:check.end(2)] + f'!({inner})' + line[end:]
            if check.group(1) == 'if':
                yield 'check removed', line[:check.end(2)] + '0' + line[end:]
    for match in re.finditer(r'(?<![\w.])(0x[0-9a-fA-F]+|\d+)(?![\w.])', code):
        number = int(match.group(), 0) if not re.match(r'0\d', match.group()) else int(match.group(), 8)
        for value in ([1] if number == 0 else [0, 2] if number == 1 else [number + 1, number // 2]):
            yield 'constant', replaced(line, match, str(value))
    for match in re.finditer(r"'_'", code):
        if line[match.start() + 1] != '\\':
            yield 'constant', replaced(line, match, "'#'" if line[match.start() + 1] != '#' else "'%'")
    for match in re.finditer(r'\b(true|false)\b', code):
        yield 'true/false', replaced(line, match, 'false' if match.group() == 'true' else 'true')
    for match in re.finditer(r'\b(continue|break);', code):
        yield 'continue/break', replaced(line, match, 'break;' if match.group(1) == 'continue' else 'continue;')
    match = re.match(r'\t+(return (?!0;|NULL;|1;)([^;]+);)', code)
    if match and gives == ['return 0;'] and re.search(r'\brc\b|\(|-\d|\bRQ_E', match.group(2)):
        yield 'return 0', replaced(line, re.compile(re.escape(line.strip())).search(line), 'return 0;')


def of_file(top, name):
    """All mutants of a source, in the order of its lines."""
    text = (Path(top) / name).read_text()
    lines, codes = text.split('\n'), blank(text).split('\n')
    inside, gives, found = False, None, []
    for i, (line, code) in enumerate(zip(lines, codes)):
        code = code.rstrip()
        if code == '{':
            signature, k = '', i - 1
            while k >= 0 and codes[k].strip() and not codes[k].startswith(('}', '#', '\t{')):
                signature, k = codes[k] + ' ' + signature, k - 1
            inside, gives = signature.rstrip().endswith(')'), returned(signature)
            for value in gives or [] if inside else []:
                found.append(Mutant(name, i + 1, 'early return', line, '{ ' + value))
        elif code == '}':
            inside = False
        elif inside:
            # A comment behind the code stays where it is.
            for kind, new in of_line(line[:len(code)], code, codes[i - 1], gives):
                if new != line:
                    found.append(Mutant(name, i + 1, kind, line, new))
    return found


def sources(top):
    """The sources of the rooms that decide, by room."""
    found = {}
    for room in ROOMS:
        files = sorted((Path(top) / 'tools/requilt' / room).glob('*.c'))
        if files:
            found[room] = [str(f.relative_to(top)) for f in files]
    return found


def shares(weights, count):
    """As many of each as its weight, count in all: the largest remainders are rounded up."""
    total = sum(weights.values())
    exact = {name: count * weight / total for name, weight in weights.items()}
    given = {name: int(value) for name, value in exact.items()}
    for name in sorted(exact, key=lambda n: (given[n] - exact[n], n))[:count - sum(given.values())]:
        given[name] += 1
    return given


def sample(top, seed, count, rooms=None):
    """count lists of mutants, the same for a seed: the first of a list that can be used is the mutant.

    Rooms are met in proportion to their lines; each kind has at least a twentieth, or all there are.
    """
    chance = random.Random(str(seed))
    by_room = {room: files for room, files in sources(top).items() if not rooms or room in rooms}
    pool, weights = {}, {}
    for room, files in by_room.items():
        weights[room] = sum(len((Path(top) / f).read_text().split('\n')) for f in files)
        for file in files:
            for mutant in of_file(top, file):
                pool.setdefault((room, mutant.kind), []).append(mutant)
    for key in sorted(pool):
        chance.shuffle(pool[key])
    kinds = [kind for kind in KINDS if any((room, kind) in pool for room in by_room)]
    least = -(-count // 20)
    wanted = [kind for kind in kinds for _ in range(least)]
    while len(wanted) < count:
        wanted.append(chance.choice(kinds))
    chance.shuffle(wanted)
    left = shares(weights, count)
    slots = []
    for kind in wanted[:count]:
        fits = [room for room in sorted(left) if left[room] > 0 and (room, kind) in pool]
        fits = fits or [room for room in sorted(left) if (room, kind) in pool]
        room = chance.choices(fits, [max(left[r], 0) + 1e-9 for r in fits])[0]
        left[room] -= 1
        slots.append((room, kind))
    # Slots of one room and kind take turns, so that none waits for what another found.
    taken, chosen = {}, []
    for slot in slots:
        turn = taken[slot] = taken.get(slot, -1) + 1
        chosen.append(pool[slot][turn::slots.count(slot)])
    return chosen
