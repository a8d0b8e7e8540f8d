#!/usr/bin/env python3
"""Asks the bash, dash and Python of this machine what they print when an exec fails. Writes microscope-recorded.json.

What no file brings about, strace puts into execve. Everything happens in a new directory; the mount that forbids execution lives in a mount namespace of its own:
    unshare -rm python3 test/unit/ui/microscope-record.py
"""
import json, os, re, subprocess, sys, tempfile
from pathlib import Path

ELF = bytes([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + [0] * 8 + [2, 0])
LUA = bytes.fromhex("1b4c7561540019930d0a1a0a") + b"\0" * 40
PYC = bytes.fromhex("a70d0d0a00000000") + b"\0" * 40


def elf(machine, interp=None):
    """A 64-bit header with one program header: PT_INTERP if `interp` is given, else an empty PT_LOAD."""
    name = interp.encode() + b"\0" if interp else b""
    header = ELF + machine.to_bytes(2, "little") + (1).to_bytes(4, "little") + (0x400078).to_bytes(8, "little")
    header += (64).to_bytes(8, "little") + (0).to_bytes(8, "little") + (0).to_bytes(4, "little")
    header += b"".join(n.to_bytes(2, "little") for n in (64, 56, 1, 64, 0, 0))
    phdr = (3 if interp else 1).to_bytes(4, "little") + (4).to_bytes(4, "little")
    phdr += b"".join(n.to_bytes(8, "little") for n in (120, 0x400078, 0x400078, len(name), len(name), 1))
    return header + phdr + name


FILES = [
    ("luac.out", LUA, 0o755), ("p.pyc", PYC, 0o755), ("text", b"no command of anybody\n", 0o755), ("empty", b"", 0o755),
    ("arm", elf(40), 0o755), ("short", b"\x7fELF", 0o755), ("noperm", b"#!/bin/sh\n", 0o644),
    ("badint", b"#!/nonexistent/sh\n", 0o755), ("crlf", b"#!/bin/sh\r\n", 0o755), ("self", b"#!./self\n", 0o755),
    ("dirint", b"#!/etc\n", 0o755), ("noxint", b"#!/etc/passwd -x\n", 0o755), ("textint", b"#!./text\n", 0o755), ("hashbang", b"#!\n", 0o755),
    ("nold", elf(62, "/nonexistent/ld.so"), 0o755), ("armld", elf(62, "./arm"), 0o755), ("shortld", elf(62, "./short"), 0o755),
    ("dirld", elf(62, "/etc"), 0o755), ("busy", b"#!/bin/sh\n", 0o755), ("busybin", LUA, 0o755), ("it's", LUA, 0o755),
]
PATHS = [f"./{name}" for name, _, _ in FILES] + ["./missing", "./text/", "./text/x", "./dir", "./loop", "./fifo", "./noexec/t", "./" + "x" * 300]


# Errnos that the kernel gives for other reasons than what a file holds.
ERRNOS = ["EPERM", "E2BIG", "EFAULT", "EINVAL", "EISDIR", "EMFILE", "ENFILE", "ENOMEM"]
INJECTED = [(e, p) for e in ERRNOS for p in ("./arm", "./noxint")]


def prepare():
    for name, data, mode in FILES:
        Path(name).write_bytes(data)
        os.chmod(name, mode)
    os.mkdir("dir")
    os.symlink("loop", "loop")
    os.mkfifo("fifo", 0o755)
    os.chmod("fifo", 0o644)
    os.mkdir("noexec")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "noexec", "none", "noexec"], check=True)
    Path("noexec/t").write_text("#!/bin/sh\n")
    os.chmod("noexec/t", 0o755)


before = []


def run(argv, script=""):
    done = subprocess.run([*before, *argv], input=script.encode(), capture_output=True, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"})
    return done.stderr.decode("latin-1").splitlines(), done.stdout.decode().splitlines()


NOISE = re.compile(r"^-bash-[\d.]+[$#]|^<x*\"$|cannot set terminal process group|no job control|^strace: Requested path")


def word(path):
    return '"' + path + '"'


def bash(path):
    script = f"{word(path)}\necho status $?\n"
    err, out = run(["bash", "-c", "exec -a -bash bash --norc --noprofile -i"], script)
    lines = [line for line in err if line and not NOISE.search(line)]
    return {"lines": lines, "status": status(out)}


def dash(path):
    err, out = run(["sh", "-c", f"{word(path)}; echo status $?"])
    return {"lines": [line for line in err if not NOISE.search(line)], "status": status(out)}


def injected(errno, path):
    before[:] = f"strace -qq -o /dev/null -f -P {path} -e trace=execve -e inject=execve:error={errno}".split()
    return {"errno": errno, "path": path, "bash": bash(path), "dash": dash(path), "python3": python(path)}


def python(path):
    err, _ = run([sys.executable, "-c", "import subprocess,sys; subprocess.run([sys.argv[1]])", path])
    return {"lines": err[-1:], "status": 1}


def status(out):
    return int([line for line in out if line.startswith("status ")][-1].split()[1])


def main():
    root = tempfile.mkdtemp()
    os.chdir(root)
    prepare()
    held = [open("busy", "ab"), open("busybin", "ab")]
    rows = [{"path": p, "bash": bash(p), "dash": dash(p), "python3": python(p)} for p in PATHS]
    for f in held:
        f.close()
    others = [injected(e, p) for e, p in INJECTED]
    files = [{"name": n, "hex": d.hex(), "mode": m} for n, d, m in FILES]
    version = subprocess.run(["bash", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    return {"kernel": os.uname().release, "bash": version, "python": sys.version.split()[0], "files": files, "rows": rows, "injected": others}


target = Path(__file__).resolve().with_name("microscope-recorded.json")
target.write_text(json.dumps(main(), indent=1) + "\n")
