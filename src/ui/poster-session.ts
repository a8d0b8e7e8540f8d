/** A session as the poster shows it: what was typed, and the screen it left. A test types it again. */

export const POSTER_LINES = [
  'chmod +x samples/hello.pyc; samples/hello.pyc 2>&1 | head -1',
  "echo ':pyc:E::pyc::/usr/bin/python3:' > /proc/sys/fs/binfmt_misc/register",
  'samples/hello.pyc',
] as const;

export const POSTER_TEXT = `root@lab:~# ${POSTER_LINES[0]}
samples/hello.pyc: line 1: $'\\247\\r\\r': command not found
root@lab:~# ${POSTER_LINES[1]}
root@lab:~# ${POSTER_LINES[2]}
hello from python
root@lab:~#`;
