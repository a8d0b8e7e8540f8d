/** getconf: the system's limits and settings. Follows glibc 2.36; the variables that people ask for. */
import { encode, latin1 } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import type { Program, Syscalls } from '../../uapi/syscalls.ts';
import { readFile, writeAll } from '../lib/stdio.ts';

const USAGE = (name: string): string => `Usage: ${name} [-v specification] variable_name [pathname]\n       ${name} -a [pathname]\n`;

type Answer = (sys: Syscalls) => string | Promise<string>;
const fixed =
  (value: string | number): Answer =>
  () =>
    String(value);
const limit =
  (what: 'RLIMIT_NPROC' | 'RLIMIT_NOFILE'): Answer =>
  (sys) => {
    const { rlim_cur } = sys.getrlimit(what);
    return Number.isFinite(rlim_cur) ? String(rlim_cur) : 'undefined';
  };
const is64 = (sys: Syscalls): boolean => /64/.test(sys.uname().machine);

/** A quarter of the stack's limit, but no less than 128 KiB. */
const argMax: Answer = (sys) => {
  const { rlim_cur } = sys.getrlimit('RLIMIT_STACK');
  return Number.isFinite(rlim_cur) ? String(Math.max(131072, Math.floor(rlim_cur / 4))) : '4611686018427387903';
};

async function processors(sys: Syscalls): Promise<string> {
  const bytes = await readFile(sys, '/proc/cpuinfo');
  return String(IS_ERR(bytes) ? 1 : Math.max(1, latin1(bytes).match(/^processor\s*:/gm)?.length ?? 1));
}

async function pages(sys: Syscalls, field: string): Promise<string> {
  const bytes = await readFile(sys, '/proc/meminfo');
  const kilobytes = IS_ERR(bytes) ? 0 : Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(latin1(bytes))?.[1] ?? 0);
  return String(Math.floor(kilobytes / 4));
}

const VARIABLES: Readonly<Record<string, Answer>> = {
  ARG_MAX: argMax,
  CHAR_BIT: fixed(8),
  CHILD_MAX: limit('RLIMIT_NPROC'),
  CLK_TCK: fixed(100),
  CS_PATH: fixed('/bin:/usr/bin'),
  GNU_LIBC_VERSION: fixed('glibc 2.36'),
  GNU_LIBPTHREAD_VERSION: fixed('NPTL 2.36'),
  HOST_NAME_MAX: fixed(64),
  INT_MAX: fixed(2147483647),
  INT_MIN: fixed(-2147483648),
  IOV_MAX: fixed(1024),
  LINE_MAX: fixed(2048),
  LOGIN_NAME_MAX: fixed(256),
  LONG_BIT: (sys) => (is64(sys) ? '64' : '32'),
  NGROUPS_MAX: fixed(65536),
  OPEN_MAX: limit('RLIMIT_NOFILE'),
  PAGESIZE: fixed(4096),
  PAGE_SIZE: fixed(4096),
  PATH: fixed('/bin:/usr/bin'),
  UINT_MAX: fixed(4294967295),
  WORD_BIT: fixed(32),
  _AVPHYS_PAGES: (sys) => pages(sys, 'MemFree'),
  _NPROCESSORS_CONF: processors,
  _NPROCESSORS_ONLN: processors,
  _PHYS_PAGES: (sys) => pages(sys, 'MemTotal'),
  _POSIX_ARG_MAX: argMax,
  _POSIX_VERSION: fixed(200809),
};
/** These need a path name. */
const OF_PATHS: Readonly<Record<string, number>> = { LINK_MAX: 127, NAME_MAX: 255, PATH_MAX: 4096, PIPE_BUF: 4096 };

export const main: Program = async (sys, argv) => {
  const name = argv[0] ?? 'getconf';
  const operands = argv[1] === '-v' ? argv.slice(3) : argv.slice(1);
  const say = async (fd: number, text: string, status: number): Promise<number> => {
    await writeAll(sys, fd, encode(text));
    return status;
  };
  const [variable, path, extra] = operands;
  if (variable === '-a') return await say(2, `${name}: -a is not supported here\n`, 1);
  if (variable === undefined || extra !== undefined) return await say(2, USAGE(name), 2);
  const ofPath = OF_PATHS[variable];
  if (ofPath !== undefined) {
    if (path === undefined) return await say(2, USAGE(name), 2);
    const st = sys.stat(path);
    return IS_ERR(st) ? await say(2, `${name}: pathconf: ${path}: ${st.message}\n`, 3) : await say(1, `${ofPath}\n`, 0);
  }
  const answer = VARIABLES[variable];
  if (!answer) return await say(2, `${name}: Unrecognized variable \`${variable}'\n`, 2);
  return path === undefined ? await say(1, `${await answer(sys)}\n`, 0) : await say(2, USAGE(name), 2);
};
