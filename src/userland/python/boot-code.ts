/**
 * Python code that runs once the interpreter is initialized and before anything of the program: what the C code cannot know
 * about this machine (`_lab` is a dict of facts), and a sleep that ^C interrupts.
 */
export const BOOT_CODE = `
def _setup(lab):
    import sys, posix, os, errno, builtins
    for name in [n for n in vars(errno) if n.isupper()]:
        delattr(errno, name)
    errno.errorcode.clear()
    for name, number in lab['errno']:
        setattr(errno, name, number)
        errno.errorcode.setdefault(number, name)
    messages = dict(lab['strerror'])
    def strerror(code, /):
        return messages.get(code) or 'Unknown error %d' % code
    uname_result = posix.uname_result
    facts = lab['facts']
    def uname():
        return uname_result(lab['uname'])
    def unsupported(name):
        def function(*args, **kwargs):
            raise OSError(errno.ENOSYS, 'Function not implemented')
        function.__name__ = function.__qualname__ = name
        return function
    def constant(name, value):
        def function():
            return value
        function.__name__ = function.__qualname__ = name
        return function
    functions = {'strerror': strerror, 'uname': uname}
    for name, value in facts:
        functions[name] = constant(name, value)
    for name in ('fork', 'forkpty', 'system', 'posix_spawn', 'posix_spawnp', 'wait', 'wait3', 'wait4', 'waitpid', 'kill', 'killpg'):
        functions[name] = unsupported(name)
    for name, function in functions.items():
        function.__module__ = 'posix'
        setattr(posix, name, function)
        setattr(os, name, function)
    import time
    doze, now = time.sleep, time.monotonic
    def sleep(seconds, /):
        if not seconds > 0.05:
            return doze(seconds)
        end = now() + seconds
        while (left := end - now()) > 0:
            doze(min(left, 0.05))
    sleep.__module__ = 'time'
    time.sleep = sleep
_setup(_lab)
`;
