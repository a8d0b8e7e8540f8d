/**
 * Python code that runs once the interpreter is initialized and before anything of the program: what the C code cannot know
 * about this machine (`_lab` is a dict of facts), and a sleep that ^C interrupts.
 */
export const BOOT_CODE = `
def _setup(lab, natives):
    import sys, posix, os, errno
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
    def constant(name, value):
        def function():
            return value
        function.__name__ = function.__qualname__ = name
        return function
    functions = {'strerror': strerror, 'uname': uname}
    for name, value in facts:
        functions[name] = constant(name, value)
    for name, function in natives.items():
        if hasattr(posix, name):
            functions[name] = function
    for name, function in functions.items():
        function.__module__ = 'posix'
        setattr(posix, name, function)
        setattr(os, name, function)
    import time
    doze, now, wait = time.sleep, time.monotonic, natives.get('sleep')
    def sleep(seconds, /):
        if seconds > 0 and wait:
            wait(seconds)
            return
        if not seconds > 0.05:
            return doze(seconds)
        end = now() + seconds
        while (left := end - now()) > 0:
            doze(min(left, 0.05))
    sleep.__module__ = 'time'
    time.sleep = sleep
    import _signal, _posixsubprocess
    _posixsubprocess.fork_exec = natives['fork_exec']
    handle, sigaction = _signal.signal, natives['sigaction']
    def signal(signalnum, handler, /):
        before = handle(signalnum, handler)
        sigaction(signalnum, 0 if handler == _signal.SIG_DFL else 1 if handler == _signal.SIG_IGN else 2)
        return before
    signal.__module__ = '_signal'
    _signal.signal = signal
_setup(_lab, _natives)
`;
