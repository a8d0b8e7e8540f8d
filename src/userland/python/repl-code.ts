/** The Python side of the interactive mode: `push` and `prompt`, called from repl.ts. */
export const REPL_CODE = `
import sys as _sys, codeop as _codeop

_compile = _codeop.CommandCompiler()
_main = _sys.modules['__main__'].__dict__
_COMPLETE, _MORE, _EXIT = 0, 1, 256

def _show(error, skip):
    trace = error.__traceback__
    for _ in range(skip):
        trace = trace and trace.tb_next
    _sys.last_type, _sys.last_value, _sys.last_traceback = type(error), error, trace
    _sys.excepthook(type(error), error.with_traceback(trace), trace)

def _exit_code(error):
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 255
    print(code, file=_sys.stderr)
    return 1

def push(source):
    try:
        code = _compile(source, '<stdin>', 'single')
    except (OverflowError, SyntaxError, ValueError) as error:
        error.__traceback__ = None
        _show(error, 0)
        return _COMPLETE
    if code is None:
        return _MORE
    try:
        exec(code, _main)
    except SystemExit as error:
        return _EXIT + _exit_code(error)
    except KeyboardInterrupt as error:
        _show(error, 1)
    except BaseException as error:
        _show(error, 1)
    finally:
        for stream in (_sys.stdout, _sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass
    return _COMPLETE

def prompt(more):
    return str(_sys.ps2 if more else _sys.ps1)

def banner(quiet):
    _sys.ps1 = getattr(_sys, 'ps1', '>>> ')
    _sys.ps2 = getattr(_sys, 'ps2', '... ')
    if not quiet:
        print('Python %s on %s\\nType "help", "copyright", "credits" or "license" for more information.'
              % (_sys.version, _sys.platform), file=_sys.stderr)
`;
