/**
 * The stories that the lab exists for, as scripts with what a real Debian 12 prints. They run in Node and in Chromium.
 * Bytes that are no UTF-8 are lone surrogates here, as everywhere in the lab (src/uapi/bytes.ts).
 */
import type { HostArch } from '../../src/uapi/host.ts';

export interface Story {
  readonly name: string;
  readonly host?: HostArch;
  readonly kernel?: string;
  readonly script: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
  /** Loads CPython: slow the first time. */
  readonly python?: true;
}

const BM = '/proc/sys/fs/binfmt_misc';
const COMPILE = `mkdir demo; cd demo; echo "print('hello from python')" > hello.py; touch -d '2024-01-06 13:45:27' hello.py; python3 -m py_compile hello.py`;
/** The third line that bash prints for the .pyc of COMPILE: the source line with the byte 0xHH written as \\xHH. */
const PYC_LINE =
  'wY\\x99e\\x1b\\xe3\\x03\\xf3\\x1c\\x97\\x02ed\\xa6\\x01\\xab\\x01\\x01d\\x01S)\\x02z\\x11hello from pythonN)\\x01\\xda\\x05print\\xa9\\xf3\\xfa\\x08hello.py\\xfa\\x08<module>r\\x06\\x01s\\x1c\\xf0\\x03\\x01\\x01\\x01\\xd8\\x05\\x80\\x05\\xd0\\x06\\x19\\xd1\\x1a\\xd4\\x1a\\xd0\\x1a\\xd0\\x1a\\xd0\\x1ar\\x04';

function raw(escaped: string): string {
  return escaped.replace(/\\x([0-9a-f]{2})/g, (_, h: string) => {
    const byte = Number.parseInt(h, 16);
    return String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte);
  });
}

const QEMU_AARCH64 = `:qemu-aarch64:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:/usr/bin/qemu-aarch64-static:`;
const QEMU_X86_64 = `:qemu-x86_64:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x3e\\x00:\\xff\\xff\\xff\\xff\\xff\\xfe\\xfe\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:/usr/bin/qemu-x86_64-static:`;

export const stories: readonly Story[] = [
  {
    name: 'a .pyc without a rule is read by bash as a script',
    python: true,
    script: `${COMPILE}; f=__pycache__/hello.cpython-311.pyc; $f; echo $?; chmod +x $f; $f; echo $?`,
    stdout: '126\n2\n',
    stderr: `bash: line 1: __pycache__/hello.cpython-311.pyc: Permission denied
__pycache__/hello.cpython-311.pyc: line 1: $'\\247\\r\\r': command not found
__pycache__/hello.cpython-311.pyc: line 2: syntax error near unexpected token \`)'
__pycache__/hello.cpython-311.pyc: line 2: \`${raw(PYC_LINE)}'
`,
    status: 0,
  },
  {
    name: 'an extension rule runs it',
    python: true,
    script: `${COMPILE}; chmod +x __pycache__/*
echo :python-pyc:E:0:pyc::/usr/bin/python3: >${BM}/register
ls -l ${BM} | sed 's/ [A-Z][a-z][a-z] .* / DATE /'; cat ${BM}/python-pyc
./__pycache__/hello.cpython-311.pyc; echo $?`,
    stdout: `total 0
-rw-r--r-- 1 root root 0 DATE python-pyc
--w------- 1 root root 0 DATE register
-rw-r--r-- 1 root root 0 DATE status
enabled
interpreter /usr/bin/python3
flags: 
extension .pyc
hello from python
0
`,
    stderr: '',
    status: 0,
  },
  {
    name: 'a magic rule runs it, whatever its name',
    python: true,
    script: `${COMPILE}; cp __pycache__/hello.cpython-311.pyc prog; chmod +x prog
echo ':python3.11:M::\\xa7\\x0d\\x0d\\x0a::/usr/bin/python3.11:' >${BM}/register
cat ${BM}/python3.11; ./prog; echo $?`,
    stdout: 'enabled\ninterpreter /usr/bin/python3.11\nflags: \noffset 0\nmagic a70d0d0a\nhello from python\n0\n',
    stderr: '',
    status: 0,
  },
  {
    name: 'a .pyc of Python 3.6 shows its own magic',
    script: `printf '3\\r\\r\\n\\0\\0\\0\\0' > run.pyc; chmod +x run.pyc; ./run.pyc; echo $?`,
    stdout: '127\n',
    stderr: "./run.pyc: line 1: $'3\\r\\r': command not found\n",
    status: 0,
  },
  {
    name: 'strace gives two answers: with the rule and without',
    python: true,
    script: `cp samples/hello.pyc .; chmod +x hello.pyc
strace -e trace=execve ./hello.pyc 2>&1 | sed 's/0x[0-9a-f]* .. [0-9]* vars/ENV/'
echo :python-pyc:E:0:pyc::/usr/bin/python3: >${BM}/register
strace -e trace=execve ./hello.pyc 2>&1 | sed 's/0x[0-9a-f]* .. [0-9]* vars/ENV/'`,
    stdout: `execve("./hello.pyc", ["./hello.pyc"], ENV */) = -1 ENOEXEC (Exec format error)
strace: exec: Exec format error
+++ exited with 1 +++
execve("./hello.pyc", ["./hello.pyc"], ENV */) = 0
hello from python
+++ exited with 0 +++
`,
    stderr: '',
    status: 0,
  },
  {
    name: 'Lua bytecode is refused without a rule, and runs with one',
    script: `echo "print 'hello from lua'" | luac -; file luac.out; chmod +x luac.out; ./luac.out; echo $?
echo ':lua-luac:M:0:\\x1b\\x4c\\x75\\x61::/usr/bin/lua:' >${BM}/register
cat ${BM}/lua-luac; ./luac.out; echo $?`,
    stdout: `luac.out: Lua bytecode, version 5.4
126
enabled
interpreter /usr/bin/lua
flags: 
offset 0
magic 1b4c7561
hello from lua
0
`,
    stderr: 'bash: line 1: ./luac.out: cannot execute binary file: Exec format error\n',
    status: 0,
  },
  {
    name: 'an ARM program on x86 is refused, and runs by a qemu rule',
    script: `uname -m; f=samples/hello-aarch64; file -b $f | cut -d, -f1-2; $f; echo $?
echo '${QEMU_AARCH64}' >${BM}/register; $f; echo $?`,
    stdout: 'x86_64\nELF 64-bit LSB executable, ARM aarch64\n126\nHello container!\nThis is aarch64.\n0\n',
    stderr: 'bash: line 1: samples/hello-aarch64: cannot execute binary file: Exec format error\n',
    status: 0,
  },
  {
    name: 'an x86 program on ARM is refused, and runs by a qemu rule',
    host: 'aarch64',
    script: `uname -m; f=samples/hello-x86_64; file -b $f | cut -d, -f1-2; $f; echo $?
echo '${QEMU_X86_64}' >${BM}/register; $f; echo $?`,
    stdout: 'aarch64\nELF 64-bit LSB executable, x86-64\n126\nHello container!\nThis is x86_64.\n0\n',
    stderr: 'bash: line 1: samples/hello-x86_64: cannot execute binary file: Exec format error\n',
    status: 0,
  },
  {
    name: 'one table is seen from two mount namespaces, while each looks the interpreter up for itself',
    script: `mkdir opt; cp /bin/echo opt/run; echo ":foo:E::foo::$PWD/opt/run:" >${BM}/register; touch x.foo; chmod +x x.foo
./x.foo outside
unshare -m sh -c 'mount -t tmpfs none opt; ls ${BM}; ./x.foo inside; echo $?; echo 0 > ${BM}/foo'
head -1 ${BM}/foo`,
    stdout: './x.foo outside\nfoo\nregister\nstatus\n127\ndisabled\n',
    stderr: 'sh: 1: ./x.foo: not found\n',
    status: 0,
  },
  {
    name: 'F keeps the interpreter that was opened at registration',
    script: `mkdir opt; cp /bin/echo opt/run; echo ":foo:E::foo::$PWD/opt/run:F" >${BM}/register; touch x.foo; chmod +x x.foo
unshare -m sh -c 'mount -t tmpfs none opt; ./x.foo inside; echo $?'; grep flags ${BM}/foo; rm -r opt; ./x.foo still`,
    stdout: './x.foo inside\n0\nflags: F\n./x.foo still\n',
    stderr: '',
    status: 0,
  },
];
