# SPDX-License-Identifier: GPL-2.0-only
"""A tar stream on stdin becomes one commit for `git fast-import` on stdout, less the tarball's
top folder.  Refuses members that are neither file, link nor folder, and names that would need quoting."""

import sys
import tarfile

out = sys.stdout.buffer
out.write(b"commit refs/heads/base\ncommitter base <base@example.org> 1700000000 +0000\ndata 0\n\n")
with tarfile.open(fileobj=sys.stdin.buffer, mode="r|", bufsize=1 << 20) as tar:
    for member in tar:
        path = member.name.partition("/")[2].encode()
        if member.isdir():
            continue
        if b'"' in path or b"\n" in path or not (member.isreg() or member.issym()):
            sys.exit("feed: %s: not taken" % member.name)
        if member.issym():
            mode, data = b"120000", member.linkname.encode()
        else:
            mode = b"100755" if member.mode & 0o100 else b"100644"
            data = tar.extractfile(member).read()
        out.write(b"M %s inline %s\ndata %d\n" % (mode, path, len(data)))
        out.write(data)
        out.write(b"\n")
