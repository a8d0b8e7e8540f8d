"""The native side where there is no C compiler; as native.c, but by posix_spawn, which is a vfork, too, and a third dearer."""
import os, sys, time

ENV = {'PATH': '/bin'}


def spawn(path):
    _, status = os.waitpid(os.posix_spawn(path, [path], ENV), 0)
    if status != 0:
        sys.exit(f'{path}: {status}')


def fail(path):
    try:
        os.execve(path, [path], ENV)
    except OSError:
        pass


def write(file):
    lines = [line.encode() for line in sys.stdin]
    began = time.perf_counter()
    for line in lines:
        fd = os.open(file, os.O_WRONLY)
        os.write(fd, line)
        os.close(fd)
    print((time.perf_counter() - began) * 1e6 / len(lines))


def batches(one, count, per, path):
    for b in range(-1, count):
        began = time.perf_counter()
        for _ in range(per):
            one(path)
        if b >= 0:
            print((time.perf_counter() - began) * 1e6 / per)


if sys.argv[1] == 'write':
    write(sys.argv[2])
else:
    batches(spawn if sys.argv[1] == 'spawn' else fail, int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
