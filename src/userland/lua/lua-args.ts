/** lua's command line. Follows lua.c (collectargs, print_usage). */

export interface LuaOptions {
  /** Index of the script in argv; argv's length if there is none. */
  readonly script: number;
  readonly interactive: boolean;
  readonly version: boolean;
  readonly executes: boolean;
  readonly ignoreEnvironment: boolean;
  /** The argument that is no option. */
  readonly bad: string | null;
}

export function collectArguments(argv: readonly string[]): LuaOptions {
  const seen = { interactive: false, version: false, executes: false, ignoreEnvironment: false };
  const end = (script: number, bad: string | null = null): LuaOptions => ({ ...seen, script, bad });
  for (let i = 1; i < argv.length; i++) {
    const arg = argv[i] ?? '';
    if (!arg.startsWith('-') || arg === '-') return end(i);
    const first = i;
    switch (arg[1]) {
      case '-':
        return arg === '--' ? end(i + 1) : end(i, arg);
      case 'E':
        seen.ignoreEnvironment = true;
        break;
      case 'W':
        break;
      case 'i':
        seen.interactive = true;
        seen.version = true;
        break;
      case 'v':
        seen.version = true;
        break;
      case 'e':
      case 'l':
        if (arg[1] === 'e') seen.executes = true;
        if (arg.length === 2 && (argv[++i] ?? '-').startsWith('-')) return end(first, arg);
        continue;
      default:
        return end(i, arg);
    }
    if (arg.length > 2) return end(i, arg);
  }
  return end(argv.length);
}

export const USAGE = (progname: string, bad: string): string => `${progname}: ${
  bad[1] === 'e' || bad[1] === 'l' ? `'${bad}' needs argument` : `unrecognized option '${bad}'`
}
usage: ${progname} [options] [script [args]]
Available options are:
  -e stat   execute string 'stat'
  -i        enter interactive mode after executing 'script'
  -l mod    require library 'mod' into global 'mod'
  -l g=mod  require library 'mod' into global 'g'
  -v        show version information
  -E        ignore environment variables
  -W        turn warnings on
  --        stop handling options
  -         stop handling options and execute stdin
`;
