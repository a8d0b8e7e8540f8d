/** Rows for python3. No row prints an address, the interpreter's version, or what needs another process. */
import { type PayloadRow, rowsOf } from './payload-rows.ts';

const HEX = (file: string): string => `od -An -v -tx1 ${file} | tr -d ' \\n'`;
const M = { 'm.py': 'def f(x): return x + 1\n' };

export const pythonRows: readonly PayloadRow[] = rowsOf('x.py', [
  // the command line
  [`python3 -c 'print("hi", 1, 2.5, None, True, 1e100, 2**70)'`],
  [`python3 -c 'import sys; print(sys.argv, sys.platform, sys.byteorder, sys.version_info[:2], sys.flags.optimize)' a 'b c'`],
  ['python3 x.py a -b; echo $?', 'import sys\nprint(sys.argv, __name__, __file__)\n'],
  ['python3 -V | cut -c1-11; python3 --version | cut -c1-11'],
  ['python3 nosuch.py; echo $?; python3 /tmp; echo $?'],
  ['python3 -m nope; echo $?'],
  ['python3 -Z; echo $?; python3 --nope; echo $?; python3 -c; echo $?; python3 -m; echo $?'],
  [
    `python3 -O -c 'assert False; print(__debug__)'; python3 -OO -c 'def f(): "doc"
print(f.__doc__)'`,
  ],
  [
    `python3 -W error -c 'import warnings; warnings.warn("w")'; echo $?; python3 -W ignore -c 'import warnings; warnings.warn("w")'; python3 -W nonsense -c 1`,
  ],
  [
    `python3 -q -S -E -s -I -B -u -c 'import sys; f = sys.flags; print(f.isolated, f.no_site, f.ignore_environment, f.no_user_site, f.quiet, sys.dont_write_bytecode, sys.path[0])'`,
  ],
  [`python3 -c 'import sys; print(sys.flags)'`],
  [
    `PYTHONOPTIMIZE=2 PYTHONDONTWRITEBYTECODE=1 python3 -c 'import sys; print(sys.flags.optimize, sys.flags.dont_write_bytecode)'; PYTHONOPTIMIZE=2 python3 -E -c 'import sys; print(sys.flags.optimize)'`,
  ],
  [`PYTHONPATH=/a:/b python3 -c 'import sys; print(sys.path[:3])'; PYTHONPATH=/a python3 -I -c 'import sys; print(sys.path[0])'`],
  [
    `python3 -X utf8=0 -c 'import sys; print(sys.stdout.encoding, sys.flags.utf8_mode)'; python3 -X dev -c 'import sys; print(sys.flags.dev_mode)'`,
  ],
  ['python3 -i -c "x = 1" < /dev/null; echo $?'],
  ['python3 -x x.py', 'this line is skipped\nprint("second")\n'],
  // standard input
  { script: 'python3 -', stdin: 'import sys\nprint(sys.argv)\n' },
  { script: 'python3 - a', stdin: 'import sys\nprint(sys.argv, __name__)\n' },
  { script: 'python3; echo $?', stdin: 'print(1)\n1/0\n' },
  { script: `python3 -c 'print(input("name? "))\nimport sys\nprint(sys.stdin.read())'`, stdin: 'bob\nmore\nlines' },
  { script: `python3 -c 'import sys\nfor line in sys.stdin: print(repr(line))'`, stdin: 'a\nb' },
  { script: `python3 -c 'input()\ninput()'; echo $?`, stdin: 'only one\n' },
  { script: `python3 -c 'import sys; print(sys.stdin.buffer.read(3))'`, stdin: 'äöü' },
  { script: `python3 -m json.tool; echo $?`, stdin: '{"a": [1, 2, {"b": null}]}' },
  { script: `python3 -m json.tool; echo $?`, stdin: '{"a": ' },
  { script: `python3 -m base64 -e`, stdin: 'hello' },
  { script: 'python3 -m tokenize | head -n 3', stdin: 'x = 1\n' },
  [
    `python3 -c 'print("does not read")'; head -n 1 x.py; while read x; do python3 -c 'print("and not here")'; echo "$x"; done < x.py`,
    'a\nb\n',
  ],
  // exit
  [`python3 -c 'import sys; sys.exit(7)'; echo $?; python3 -c 'import sys; sys.exit("bye")'; echo $?; python3 -c 'exit()'; echo $?`],
  [
    `python3 -c 'raise SystemExit(300)'; echo $?; python3 -c 'raise SystemExit(-1)'; echo $?; python3 -c 'raise SystemExit((1, 2))'; echo $?`,
  ],
  [`python3 -c 'import os; print("lost", end=""); os._exit(5)'; echo $?`],
  [`python3 -c 'import atexit; atexit.register(print, "at exit"); 1/0'; echo $?`],
  [`python3 -c 'raise KeyboardInterrupt'; echo $?`],
  [`python3 -c 'import os, signal; os.kill(os.getpid(), signal.SIGTERM)'; echo $?`],
  // processes and signals
  [
    `python3 -c 'import os; os.execv("/bin/echo", ["echo", "a", "b c"])'; echo $?; python3 -c 'import os; os.execlp("sh", "sh", "-c", "echo $0 $A; exit 3")'; A=1 python3 -c 'import os
os.environ["A"] = "two"; os.execlp("sh", "sh", "-c", "echo $A; exit 3")'; echo $?`,
  ],
  [
    `python3 -c 'import os; os.execve("/usr/bin/env", ["env"], {"X": "1", "Y": "a b"})'; python3 -c 'import os; os.execle("/usr/bin/env", "env", {b"Z": b"z"})'`,
  ],
  [
    `python3 -c 'import os; os.execv("/nope", ["x"])'; echo $?; python3 -c 'import os; os.execve("/nope", ["x"], {})'; python3 -c 'import os; os.execvp("nosuchcommand", ["x"])' 2>&1 | tail -n 1`,
  ],
  [
    `python3 -c 'import os; os.execv("x.py", ["x"])' 2>&1 | tail -n 1; chmod +x x.py; python3 -c 'import os; os.execv("x.py", ["x"])' 2>&1 | tail -n 1; python3 -c 'import os; os.execv("/tmp", ["x"])' 2>&1 | tail -n 1`,
    'no format\n',
  ],
  [`python3 -c 'import os; print("unflushed"); os.execv("/bin/true", ["true"])'; echo $?`],
  [`python3 -c 'import os; os.kill(99999999, 0)'; python3 -c 'import os; os.kill("a", 1)'; python3 -c 'import os; os.killpg(99999999, 0)'`],
  [
    `python3 -c 'import os, signal
signal.signal(signal.SIGTERM, lambda n, f: print("caught", n))
os.kill(os.getpid(), signal.SIGTERM); print("on")
signal.signal(signal.SIGUSR1, signal.SIG_IGN); os.kill(os.getpid(), signal.SIGUSR1)
print(signal.getsignal(signal.SIGUSR1), signal.signal(signal.SIGTERM, signal.SIG_DFL) is not None)
os.kill(os.getpid(), 15)'; echo $?`,
  ],
  [
    `python3 -c 'import os; print(os.getpgrp() == os.getpgid(0), os.umask(0o77), oct(os.umask(0o22))); open("f", "w").close(); print(oct(os.stat("f").st_mode))'`,
  ],
  [`python3 -c 'print(1)' > /dev/full; echo $?`],
  [`python3 -c 'print(1)' >&-; echo $?; python3 -c 'import sys; print(sys.stdin)' <&-`],
  // errors
  [`python3 -c '1/0'; echo $?`],
  [`python3 -c 'print('; echo $?`],
  ['python3 x.py', 'def f():\n    raise ValueError("x")\ntry:\n    f()\nexcept ValueError as e:\n    raise KeyError("y") from e\n'],
  ['python3 x.py; echo $?', 'def f(x):\n    return g(x) + 1\n\ndef g(x):\n    return x["k"]\n\nf({})\n'],
  ['python3 x.py; echo $?', 'for i in range(3):\n    print(i\n'],
  ['python3 x.py', 'if True:\n\tx = 1\n        y = 2\n'],
  ['python3 x.py', 'print "old"\n'],
  ['python3 x.py', 'import nosuchmodule\n'],
  ['python3 x.py', 'from os import nosuchname\n'],
  ['python3 x.py', 'x = [1]\nx.apend(2)\n'],
  ['python3 x.py', 'def f(): f()\ntry: f()\nexcept RecursionError as e: print(e)\n'],
  ['python3 x.py', 'try:\n    raise ExceptionGroup("g", [ValueError(1), TypeError(2)])\nexcept* ValueError as e:\n    print(repr(e))\n'],
  [`printf 'x = "\\351"\\n' > x.py; python3 x.py; echo $?`],
  ['printf "\\0" > x.py; python3 x.py; echo $?'],
  // files
  ['python3 x.py; echo $?', 'open("/nope")\n'],
  [
    'python3 x.py',
    'import os\nfor f in (lambda: open("/tmp"), lambda: os.mkdir("/tmp"), lambda: os.rmdir("/nope"), lambda: os.listdir("x.py"), lambda: open("x.py/y"), lambda: os.stat("nope"), lambda: os.rename("no", "x"), lambda: os.symlink("a", "x.py")):\n    try: f()\n    except OSError as e: print(type(e).__name__, e.errno, e.strerror, e.filename, e.filename2, e.args, e)\n',
  ],
  [
    `python3 -c 'for n in (1, 2, 4, 10, 11, 13, 17, 20, 21, 32, 40, 99, 104, 110, 111): print(repr(OSError(n, "m", "f")), OSError(n, "m", "f"))'`,
  ],
  [
    `python3 -c 'import errno, os; print(errno.ENOENT, errno.EACCES, errno.errorcode[17], os.strerror(2), os.strerror(40), os.strerror(8))'`,
  ],
  [
    `python3 -c 'class E(OSError): pass
e = E(2, "gone"); print(e.errno, e); print(OSError("one"), OSError(), OSError(2, "a").args)'`,
  ],
  [
    `python3 -c 'import os; open("f", "w").write("x" * 5); print(os.path.getsize("f"), sorted(os.listdir(".")), os.getcwd(), oct(os.stat("f").st_mode))'`,
  ],
  [
    `python3 -c 'import os, stat; open("f","w").close(); os.chmod("f", 0o750); os.symlink("f", "l"); print(oct(os.stat("f").st_mode), os.readlink("l"), os.path.islink("l")); os.rename("f", "g"); print(os.path.exists("l")); os.unlink("g"); os.makedirs("a/b/c"); print([x[0] for x in os.walk(".")])'`,
  ],
  [
    `python3 -c 'import os, time; open("f","w").close(); os.utime("f", (1, 1704548727)); print(os.stat("f").st_mtime, time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(0)), time.tzname)'`,
  ],
  [
    `python3 -c 'import tempfile, pathlib, shutil
with tempfile.TemporaryDirectory() as d:
  p = pathlib.Path(d, "x"); p.write_text("t"); shutil.copy(p, p.with_suffix(".y")); print(sorted(q.name for q in p.parent.iterdir()))'`,
  ],
  [`python3 -c 'import os; os.write(2, b"err\\n"); os.write(1, b"out\\n"); print(os.environ["HOME"], os.environ.get("NOPE"))'`],
  [`python3 -c 'import sys; print("out"); print("err", file=sys.stderr); sys.stdout.write("no newline")'`],
  [
    `python3 -u -c 'import sys; print("a"); print("b", file=sys.stderr); print("c")' 2>&1; python3 -c 'import sys; print("a"); print("b", file=sys.stderr); print("c")' 2>&1`,
  ],
  // the language and its library
  [
    `python3 -c 'import struct, json, re, hashlib, collections, itertools, datetime; print(json.dumps({"a": [1]}), re.findall("\\\\d+", "a1b22"), hashlib.sha256(b"").hexdigest()[:8], struct.pack("<H", 258), datetime.date(2024, 1, 6).isoformat())'`,
  ],
  [`python3 -c 'import dis; dis.dis(compile("a + 1", "s", "eval"))'`],
  [`python3 -c 'print("ä€😀", ascii("ä€😀"), "ä".encode(), len("😀"))'; python3 -c 'print("\\udcff")'; echo $?`],
  [`python3 -c 'import sys; print(sys.argv)' $'\\xff'; python3 -c 'import sys, os; print(os.fsencode(sys.argv[1]))' $'\\xff'`],
  [
    `python3 -c 'import os, platform, sys; print(os.uname().sysname, platform.system(), os.uname().machine, platform.machine(), os.name, os.sep)'`,
  ],
  {
    script: `python3 -c 'import asyncio; asyncio.new_event_loop()'; echo $?`,
    differs: 'no sockets, and the loop makes itself a pair of them',
  },
  [`python3 -c 'import warnings; warnings.warn("careful")'; python3 -c 'x = 1 is 1'; python3 -c 'print("\\d")' 2>&1`],
  [
    `python3 -c 'import os; print(os.getuid(), os.geteuid(), os.getpid() > 0, os.path.expanduser("~"), os.access("/etc/passwd", os.W_OK), os.umask(0))'`,
  ],
  // bytecode
  [
    `python3 -m py_compile hello.py; ls . __pycache__; ${HEX('__pycache__/hello.cpython-311.pyc')}`,
    undefined,
    { 'hello.py': "print('hello from python')\n" },
  ],
  [
    `python3 -m py_compile m.py; ${HEX('__pycache__/m.cpython-311.pyc')}`,
    undefined,
    {
      'm.py':
        'import os\n\nclass A:\n    """doc"""\n    def f(self, x=1, *a, **k):\n        try:\n            return [y for y in range(x)]\n        finally:\n            print(f"{x!r}")\n',
    },
  ],
  [
    'python3 -m py_compile hello.py; stat -c %a __pycache__/*; python3 __pycache__/hello.cpython-311.pyc a; echo $?',
    undefined,
    { 'hello.py': "import sys\nprint('hello', sys.argv, __file__)\nraise SystemExit(4)\n" },
  ],
  ['python3 -m py_compile x.py; chmod +x __pycache__/*; ./__pycache__/x.cpython-311.pyc; echo $?', 'print(1)\n'],
  ['python3 -m py_compile bad.py; echo $?; ls', undefined, { 'bad.py': 'x = = 1\n' }],
  ['python3 -m py_compile nosuch.py; echo $?'],
  ['python3 -m py_compile - < x.py; echo $?; echo m.py | python3 -m py_compile -; echo $?; ls __pycache__', 'm.py\n', M],
  [
    `python3 -O -m py_compile x.py; python3 -OO -m py_compile x.py; ls __pycache__; cd __pycache__; ${HEX('x.cpython-311.opt-1.pyc')}`,
    'assert x\n',
  ],
  ['python3 -m compileall x.py d; echo $?; ls __pycache__ d/__pycache__; python3 -m compileall -q d', 'print(1)\n', { 'd/a.py': '1\n' }],
  ['python3 -m compileall d; echo $?', undefined, { 'd/a.py': 'x = = 1\n', 'd/b.py': '1\n' }],
  ['python3 -m compileall nosuch; echo $?'],
  [`python3 -m compileall -b --invalidation-mode unchecked-hash x.py; ls; ${HEX('x.pyc')}; python3 x.pyc`, 'print(1)\n'],
  [`python3 x.py; ls; ${HEX('__pycache__/m.cpython-311.pyc')}`, 'import m\nprint(m.f(1), m.__cached__)\n', M],
  ['python3 -B x.py; ls', 'import m\nprint(m.f(1))\n', M],
  ['python3 -m py_compile m.py; cp __pycache__/m.cpython-311.pyc n.pyc; python3 -c "import n; print(n.f(1), n.__file__)"', undefined, M],
  [
    'python3 -m pkg a; python3 pkg; python3 -m pkg.sub',
    undefined,
    {
      'pkg/__init__.py': '',
      'pkg/__main__.py': 'import sys\nprint(__name__, __package__, sys.argv[1:])\n',
      'pkg/sub.py': 'print(__name__)\n',
    },
  ],
  [`printf '\\x33\\x0d\\x0d\\x0a0123456789abcdef' > py36.pyc; python3 py36.pyc; echo $?`],
  [`printf '\\x2b\\x0e\\x0d\\x0a0123456789abcdef' > py314.pyc; python3 py314.pyc; echo $?; python3 -c 'import py314'`],
  [
    `printf '\\xa7\\x0d\\x0d\\x0a0123456789ab' > cut.pyc; python3 cut.pyc; echo $?; printf '\\xa7\\x0d' > short.pyc; python3 short.pyc; echo $?`,
  ],
  ['echo "this is no bytecode at all, but long enough" > bad.pyc; python3 bad.pyc; echo $?'],
  ['python3 -m py_compile x.py; mv __pycache__/x.cpython-311.pyc y; python3 y; echo $?; cat y | python3; echo $?', 'print(1)\n'],
  [`python3 -c 'import importlib.util as u; print(u.MAGIC_NUMBER, u.cache_from_source("x.py"))'`],
  [`python3 -c 'import marshal; print(marshal.dumps((1, "a", None, b"x", 2.5, [1], {"k": 1 << 40})))'`],
  [
    "python3 -c \"import zipfile; z = zipfile.ZipFile('app', 'w'); z.write('x.py', '__main__.py'); z.close()\"; python3 app; echo $?",
    'print("in a zip", __name__)\n',
  ],
]);
