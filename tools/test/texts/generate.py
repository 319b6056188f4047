#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""generate.py COUNT SEED FOLDER: patches with text that patch(1) may take for a diff.

Writes FOLDER/base (the tree they are for), FOLDER/queue (patches and a series) and nothing else.  Each
patch has a folder of its own in the tree: two files that it changes, and a bait that only its texts
name.  Texts stand before, between and behind the diffs: diffs of all formats that patch(1) knows, whole
and in parts, indented, quoted and with CRLF, among sentences.  What git, too, takes for a diff (a whole
one in the first column) is left out.
"""

import os
import random
import sys

WORDS = """the lock is taken twice when a page goes away while its owner waits fix it as before
this adds no line it was seen on a machine with two nodes see the report below""".split()
LINES = 12


def lines(tag):
    """The lines of a file; every third begins with a blank, so that "- " occurs in hunks."""
    return [f"{' ' if n % 3 == 0 else ''}{tag}{n}" for n in range(1, LINES + 1)]


def unified(tag, at, added, removed=True):
    old = lines(tag)
    body = [" " + line for line in old[at - 3 : at]]
    if removed:
        body += ["-" + old[at]]
    body += ["+" + added]
    rest = old[at + removed : at + removed + 3]
    count = 3 + removed + len(rest)
    new = count + 1 - removed
    return [f"@@ -{at - 2},{count} +{at - 2},{new} @@"] + body + [" " + line for line in rest]


class Patch:
    def __init__(self, number, chance):
        self.folder = f"t{number:04}"
        self.chance = chance
        self.name = f"{number:04}.patch"

    def one(self, *choices):
        return self.chance.choice(choices)

    # --- texts ---

    def sentence(self):
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(2, 12))).capitalize() + "."

    def target(self):
        """A file that a text names; its lines have the first letter of its name."""
        return f"{self.folder}/" + self.one("bait.c", "bait.c", "bait.c", "xfile.c", "none.c")

    def stamp(self):
        return self.one("", "", "", "\t2020-01-01 10:00:00 +0000", "\t1970-01-01 00:00:00 +0000",
                        " 2020-01-01", " and words")

    def header(self, path):
        old, new = f"--- a/{path}{self.stamp()}", f"+++ b/{path}{self.stamp()}"
        return self.one(
            [old, new], [old, new], [old], [new], [new, old], [f"Index: a/{path}"],
            [f"Index: {path}", "=" * 67, old, new], [f"*** a/{path}", f"--- b/{path}"],
            [f"*** a/{path}"], [f"diff --git a/{path} b/{path}"], ["diff --git of it"],
            [f"diff --git a/{path} b/{path}", old, new], ["--- /dev/null", new],
            [old, "+++ /dev/null"], ["--- of it", "+++ of it"], [f"- {old}", new],
            [old, self.sentence(), "", new], ["Prereq: 1.2", old], [old, new, "# a remark"], [])

    def change(self, tag):
        at = self.chance.randint(3, LINES - 4)
        old = lines(tag)
        return self.one(
            unified(tag, at, "evil"), unified(tag, at, "evil", False), unified(tag, at, "evil"),
            ["@@ -508,8 +508,8 @@ of it"], ["@@ -0,0 +1 @@", "+evil"],
            ["***************", f"*** {at},{at + 1} ****", f"--- {at},{at + 2} ----",
             "  " + old[at - 1], "+ evil", "  " + old[at]],
            ["********", "# a remark", f"*** {at},{at + 1} ****", "  " + old[at - 1],
             "- " + old[at], f"--- {at} ----"],
            [f"{at}a{at + 1}", "> evil"], [f"{at}d{at - 1}", "< " + old[at - 1]],
            [f"{at}c{at}", "< " + old[at - 1], "---", "> evil"], [f"{at}a{at + 1}", "# a remark", "> evil"],
            [f"{at}a", "evil", "."], [f"{at}d"], [f"{at}c", "evil", "and more", "."],
            [f"{at}i", "evil", "."], ["s/.//", "."], [f"{at}s/.//"], ["GIT binary patch"], ["."],
            ["old mode 100644", "new mode 100755"], ["new mode 100755"], ["deleted file mode 100644"],
            [f"rename from {self.folder}/bait.c", f"rename to {self.folder}/made.c"],
            [f"copy from {self.folder}/bait.c", f"copy to {self.folder}/made.c"],
            ["index 1234567..0000000"], ["index 1234567..89abcde 100644"], ["similarity index 90%"], [])

    def dress(self, text):
        """As mails and people change a text: the same for all of its lines, or nearly."""
        kind = self.chance.randrange(12)
        indent = self.one(" ", "  ", "    ", "\t", " \t", "X", "X  ", "XX\t")
        if kind < 6:
            text = [indent + line for line in text]
        elif kind == 6:
            text = ["- " + line if line.startswith("-") else line for line in text]
        elif kind == 7:
            text = [indent + ("- " + line if line.startswith("-") else line) for line in text]
        elif kind == 8:
            text = ["> " + line for line in text]
        elif kind == 9:
            text = [self.one("", " ", "\t") + line for line in text]
        elif kind == 10:
            text = [indent + line + "\r" for line in text]
        return text

    def wild(self):
        """Something that may be a diff."""
        path = self.target()
        text = self.header(path) + self.one([], [], [self.sentence()], [""]) + self.change(path[6])
        if self.chance.randrange(6) == 0 and text:
            text.insert(self.chance.randrange(len(text) + 1), self.one("# a remark", "", self.sentence()))
        return self.dress(text)

    def text(self, most):
        out = []
        for _ in range(self.chance.randint(0, most)):
            out += self.one([self.sentence()], [self.sentence(), ""], self.wild(), self.wild())
        return tame(out)

    # --- the diffs ---

    def diff(self, name, kind):
        path, tag = f"{self.folder}/{name}", name[0]
        at = self.chance.randint(3, LINES - 4)
        gone = ["-" + line for line in lines(tag)]
        git = [f"diff --git a/{path} b/{path}"]
        names = [f"--- a/{path}", f"+++ b/{path}"]
        return {
            "plain": names + unified(tag, at, "good"),
            "dated": [line + "\t2020-01-01 10:00:00 +0000" for line in names] + unified(tag, at, "good"),
            "index": [f"Index: {path}", "=" * 67] + names + unified(tag, at, "good"),
            "git": git + ["index 1234567..89abcde 100644"] + names + unified(tag, at, "good"),
            "mode": git + ["old mode 100644", "new mode 100755"] + names + unified(tag, at, "good"),
            "delete": git + ["deleted file mode 100644"] + [names[0], "+++ /dev/null",
                                                            f"@@ -1,{LINES} +0,0 @@"] + gone,
            "drop": [names[0], "+++ /dev/null", f"@@ -1,{LINES} +0,0 @@"] + gone,
            "empty": names + [f"@@ -1,{LINES} +0,0 @@"] + gone,
            "create": git + ["new file mode 100644", "--- /dev/null", names[1], "@@ -0,0 +1,2 @@",
                             "+good", "+- good"],
            "make": ["--- /dev/null", names[1], "@@ -0,0 +1,2 @@", "+good", "+good"],
            "touch": git + ["new file mode 100644", "index 0000000..e69de29"],
        }[kind]

    def write(self):
        """The bytes of the patch."""
        edits = ["plain", "plain", "dated", "index", "git", "git", "mode", "delete", "drop"]
        makes = ["create", "make", "touch", "touch"]
        files = [("xfile.c", self.one(*edits)), ("yfile.c", self.one(*edits)), ("new.c", self.one(*makes))]
        files = self.chance.sample(files, self.chance.randint(1, 3))
        out = [f"From: A Developer <a@example.org>", f"Subject: {self.folder}: {self.sentence()}", ""]
        out += self.text(4) + [""] + self.one(["---", ""], ["---"], [], [""])
        for number, (name, kind) in enumerate(files):
            last = number + 1 == len(files)
            text = self.diff(name, kind)
            behind = self.one([], ["-- ", "2.39.5", ""], [""]) if last else self.one([], [""])
            if kind == "touch":  # nothing but a text parts it from the header of a plain diff
                behind = [self.sentence()]
            more = self.text(3 if last else 2)
            if more and not behind:
                behind = [""]
            out += text + behind + more
        end = "" if out[-1][:1] not in "+- " and self.chance.randrange(4) == 0 else "\n"
        return "\n".join(out) + end


def tame(text):
    """What is a diff for git and the parser as well, or refused by both, is moved out of the first column."""
    signs = ("diff ", "Index: ", "--- ", "+++ ", "*** ", "@@ -", "***", "GIT binary", "From ")
    return [" " + line if line.startswith(signs) else line for line in text]


def main():
    count, seed, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    os.makedirs(f"{folder}/queue/patches/q")
    os.makedirs(f"{folder}/queue/series")
    with open(f"{folder}/queue/series/q.series", "w") as series:
        for number in range(count):
            patch = Patch(number, random.Random(f"{seed} {number}"))
            os.makedirs(f"{folder}/base/{patch.folder}")
            for name in "xfile.c", "yfile.c", "bait.c":
                with open(f"{folder}/base/{patch.folder}/{name}", "w") as out:
                    out.write("\n".join(lines(name[0])) + "\n")
            with open(f"{folder}/queue/patches/q/{patch.name}", "w", newline="") as out:
                out.write(patch.write())
            print(f"q/{patch.name}", file=series)


main()
