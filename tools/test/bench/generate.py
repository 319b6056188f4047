# SPDX-License-Identifier: GPL-2.0-only
"""A queue of any length on a real tree, always the same one for the same tree: mails that each
change one place in two C files.  Every hunk fits at its stated line and nowhere else, so that
tools are compared for speed, not for what they guess.  Later patches meet the work of earlier ones:
the files are few beside the patches."""

import os
import random
import subprocess

FILES = 1500
CONTEXT = 3


def read_files(repo, tree, rng):
    """{path: lines} of C files of ordinary size in ASCII."""
    listing = subprocess.run(["git", "--git-dir", repo, "ls-tree", "-r", "-l", "-z", tree],
                             check=True, stdout=subprocess.PIPE).stdout
    found = []
    for entry in listing.split(b"\0")[:-1]:
        meta, path = entry.split(b"\t", 1)
        mode, _, oid, size = meta.split()
        if mode == b"100644" and path.endswith((b".c", b".h")) and 60 <= int(size) <= 200000:
            found.append((path, oid))
    chosen = rng.sample(found, min(FILES, len(found)))
    blobs = subprocess.run(["git", "--git-dir", repo, "cat-file", "--batch"], check=True,
                           input=b"".join(oid + b"\n" for _, oid in chosen),
                           stdout=subprocess.PIPE).stdout
    files, at = {}, 0
    for path, _ in chosen:
        end = blobs.index(b"\n", at)
        size = int(blobs[at:end].split()[2])
        text = blobs[end + 1:end + 1 + size]
        at = end + 1 + size + 1
        if text.isascii() and b"\r" not in text and text.endswith(b"\n"):
            files[path.decode()] = text.decode().split("\n")[:-1]
    return files


def unique_place(lines, rng):
    """A line with its context that the file has only once, or None."""
    span = 2 * CONTEXT + 1
    if len(lines) < 4 * span:
        return None
    text = "\n" + "\n".join(lines) + "\n"
    for _ in range(10):
        at = rng.randrange(CONTEXT, len(lines) - CONTEXT)
        block = "\n" + "\n".join(lines[at - CONTEXT:at + CONTEXT + 1]) + "\n"
        if text.count(block) == 1:
            return at
    return None


def change(path, lines, at, number):
    """Replaces line AT by itself behind a new one; returns the diff."""
    old = lines[at - CONTEXT:at + CONTEXT + 1]
    new = ["/* generated change %d */" % number, old[CONTEXT] + " "]
    lines[at:at + 1] = new
    body = [" " + line for line in old[:CONTEXT]] + ["-" + old[CONTEXT]] + \
        ["+" + line for line in new] + [" " + line for line in old[CONTEXT + 1:]]
    first = at - CONTEXT + 1
    return "diff --git a/%s b/%s\n--- a/%s\n+++ b/%s\n@@ -%d,%d +%d,%d @@\n%s\n" % (
        path, path, path, path, first, len(old), first, len(old) + 1, "\n".join(body))


def generate(repo, tree, folder, count):
    """Writes COUNT patches and their series into FOLDER."""
    rng = random.Random("requilt bench")
    files = read_files(repo, tree, rng)
    paths = sorted(files)
    os.makedirs(folder)
    names = []
    for number in range(1, count + 1):
        diffs = []
        while len(diffs) < 2:
            path = rng.choice(paths)
            at = unique_place(files[path], rng)
            if at is not None and not any("a/%s " % path in diff for diff in diffs):
                diffs.append(change(path, files[path], at, number))
        name = "%04d-generated.patch" % number
        with open(os.path.join(folder, name), "w") as out:
            out.write("From: requilt developers <requilt@example.org>\n"
                      "Date: Mon, 23 Nov 2026 03:00:00 +0000\n"
                      "Subject: [PATCH %d/%d] generated change %d\n\n"
                      "Signed-off-by: requilt developers <requilt@example.org>\n---\n%s"
                      % (number, count, number, "".join(diffs)))
        names.append(name)
    with open(os.path.join(folder, "series"), "w") as out:
        out.write("".join(name + "\n" for name in names))
