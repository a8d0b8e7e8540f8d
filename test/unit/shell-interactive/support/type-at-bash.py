"""Types keys at a real interactive bash on a pseudo-terminal; prints what it wrote, in base64, and when the window changed. Input: a session as JSON on stdin."""
import base64, fcntl, json, os, pty, select, struct, sys, tempfile, termios, time

session = json.load(sys.stdin)
home = tempfile.mkdtemp()
for path, text in session["files"].items():
    full = os.path.join(home, "work", path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w") as f:
        f.write(text)
    if text.startswith("#!"):
        os.chmod(full, 0o755)

env = {
    "HOME": "/root",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "TERM": "xterm-256color",
    "LANG": "C.UTF-8",
    "PS1": "$ ",
    "HISTFILE": "/root/.bash_history",
    **session.get("env", {}),
}
pid, fd = pty.fork()
if pid == 0:
    # A private /root, so that paths read the same on every machine.
    os.chdir("/")
    script = 'mount --bind "$0" /root && cd /root/work && exec bash --norc --noprofile -i'
    os.execvpe("unshare", ["unshare", "-Urm", "sh", "-c", script, home], env)

def size(columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

out = bytearray()
def settle(quiet):
    while select.select([fd], [], [], quiet)[0]:
        try:
            data = os.read(fd, 65536)
        except OSError:
            return False
        if not data:
            return False
        out.extend(data)
    return True

size(session["columns"], session["rows"])
time.sleep(0.3)
settle(0.4)
parts = []

def take():
    if out:
        parts.append({"data": base64.b64encode(bytes(out)).decode()})
        out.clear()

for key in session["keys"]:
    if isinstance(key, dict):
        if "resize" in key:
            take()
            parts.append(key)
            size(*key["resize"])
        settle(key.get("wait", 0.3))
        continue
    data = key.encode("utf-8", "surrogateescape")
    while data:
        n = os.write(fd, data[:512])
        data = data[n:]
    if not settle(0.12):
        break
settle(0.3)
take()
json.dump(parts, sys.stdout)
os.close(fd)
