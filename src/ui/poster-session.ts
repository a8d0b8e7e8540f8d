/** The last screen of a session, as the poster shows it, and the lines that were typed in it: a test types them again. */

export const POSTER_LINES = [
  'chmod +x samples/hello.pyc; samples/hello.pyc 2>&1 | head -1',
  "echo ':pyc:E::pyc::/usr/bin/python3:' > /proc/sys/fs/binfmt_misc/register",
  'samples/hello.pyc',
];

export const POSTER_TEXT = '';
