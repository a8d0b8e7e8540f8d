/** qemu-user's command line and environment. Follows linux-user/main.c of QEMU 7.2. */
import type { Arch } from '../../uapi/host.ts';
import { getenv } from '../lib/environ.ts';

export interface QemuOptions {
  /** -L: where the guest's loader is looked for first. */
  prefix: string;
  argv0: string | null;
  /** Changes to the guest's environment in order: VAR=value sets, VAR alone unsets. */
  readonly environment: { readonly set: boolean; readonly text: string }[];
  /** Index in argv of the program. */
  program: number;
}

interface Row {
  readonly name: string;
  readonly env?: string;
  readonly argument?: string;
  readonly help: string;
  /** Absent: an option of the real one that is not modelled. */
  readonly take?: (options: QemuOptions, value: string) => void;
}

const ROWS: readonly Row[] = [
  { name: 'g', argument: 'port', env: 'QEMU_GDB', help: "wait gdb connection to 'port'" },
  {
    name: 'L',
    argument: 'path',
    env: 'QEMU_LD_PREFIX',
    help: "set the elf interpreter prefix to 'path'",
    take: (o, v) => {
      o.prefix = v;
    },
  },
  { name: 's', argument: 'size', env: 'QEMU_STACK_SIZE', help: "set the stack size to 'size' bytes" },
  { name: 'cpu', argument: 'model', env: 'QEMU_CPU', help: 'select CPU (-cpu help for list)' },
  {
    name: 'E',
    argument: 'var=value',
    env: 'QEMU_SET_ENV',
    help: 'sets targets environment variable (see below)',
    take: (o, v) => {
      for (const text of v.split(',')) o.environment.push({ set: true, text });
    },
  },
  {
    name: 'U',
    argument: 'var',
    env: 'QEMU_UNSET_ENV',
    help: 'unsets targets environment variable (see below)',
    take: (o, v) => {
      for (const text of v.split(',')) o.environment.push({ set: false, text });
    },
  },
  {
    name: '0',
    argument: 'argv0',
    env: 'QEMU_ARGV0',
    help: "forces target process argv[0] to be 'argv0'",
    take: (o, v) => {
      o.argv0 = v;
    },
  },
  { name: 'r', argument: 'uname', env: 'QEMU_UNAME', help: "set qemu uname release string to 'uname'" },
  { name: 'B', argument: 'address', env: 'QEMU_GUEST_BASE', help: "set guest_base address to 'address'" },
  { name: 'R', argument: 'size', env: 'QEMU_RESERVED_VA', help: "reserve 'size' bytes for guest virtual address space" },
  { name: 'd', argument: 'item[,...]', env: 'QEMU_LOG', help: "enable logging of specified items (use '-d help' for a list of items)" },
  { name: 'dfilter', argument: 'range[,...]', env: 'QEMU_DFILTER', help: 'filter logging based on address range' },
  { name: 'D', argument: 'logfile', env: 'QEMU_LOG_FILENAME', help: "write logs to 'logfile' (default stderr)" },
  { name: 'p', argument: 'pagesize', env: 'QEMU_PAGESIZE', help: "set the host page size to 'pagesize'" },
  { name: 'singlestep', env: 'QEMU_SINGLESTEP', help: 'run in singlestep mode' },
  { name: 'strace', env: 'QEMU_STRACE', help: 'log system calls' },
  { name: 'seed', argument: '', env: 'QEMU_RAND_SEED', help: 'Seed for pseudo-random number generator' },
  { name: 'trace', argument: '', env: 'QEMU_TRACE', help: '[[enable=]<pattern>][,events=<file>][,file=<file>]' },
];

/** What to do: run, print something and end, or complain. */
export type CommandLine =
  | { readonly kind: 'run'; readonly options: QemuOptions }
  | { readonly kind: 'help'; readonly status: number }
  | { readonly kind: 'version' }
  | { readonly kind: 'error'; readonly text: string };

export const defaultPrefix = (guest: Arch): string => `/etc/qemu-binfmt/${guest}`;

export function parseCommandLine(guest: Arch, argv: readonly string[], envp: readonly string[]): CommandLine {
  const options: QemuOptions = { prefix: defaultPrefix(guest), argv0: null, environment: [], program: 1 };
  for (const row of ROWS) {
    const value = row.env ? getenv(envp, row.env) : undefined;
    if (value === undefined) continue;
    if (!row.take) return unsupported(`${row.env} in the environment`);
    row.take(options, value);
  }
  const stop = takeOptions(options, argv);
  if (stop) return stop;
  if (options.program >= argv.length) return { kind: 'error', text: 'qemu: no user program specified' };
  return { kind: 'run', options };
}

function takeOptions(options: QemuOptions, argv: readonly string[]): CommandLine | null {
  while (argv[options.program]?.startsWith('-')) {
    const arg = argv[options.program++] as string;
    const name = arg.replace(/^--?/, '');
    if (arg === '-' || name === '') return null;
    if (name === 'h' || name === 'help') return { kind: 'help', status: 0 };
    if (name === 'version') return { kind: 'version' };
    const row = ROWS.find((r) => r.name === name);
    if (!row) return { kind: 'error', text: `qemu: unknown option '${name}'` };
    if (row.argument !== undefined && options.program >= argv.length)
      return { kind: 'error', text: `qemu: missing argument for option '${name}'` };
    if (!row.take) return unsupported(`option -${name}`);
    row.take(options, argv[options.program++] as string);
  }
  return null;
}

function unsupported(what: string): CommandLine {
  return { kind: 'error', text: `qemu: ${what} is not supported in the lab` };
}

export function usageText(guest: Arch): string {
  const rows = [{ name: 'h', help: 'print this help' }, { name: 'help', help: '' }, ...(ROWS as Row[]), VERSION_ROW];
  const lines = rows.map((row: Partial<Row>) => {
    const left = `-${row.name}${row.argument ? ` ${row.argument}` : ''}`;
    return `${left.padEnd(20)} ${(row.env ?? '').padEnd(17)} ${row.help}\n`;
  });
  return [
    `usage: qemu-${guest} [options] program [arguments...]\n`,
    `Linux CPU emulator (compiled for ${guest} emulation)\n\nOptions and associated environment variables:\n\n`,
    'Argument             Env-variable      Description\n',
    ...lines,
    `\nDefaults:\nQEMU_LD_PREFIX  = ${defaultPrefix(guest)}\nQEMU_STACK_SIZE = 8388608 byte\n`,
    '\nThis emulator is a model. Of these options it has -L, -E, -U, -0, -h, -help and -version, and says so of the others.\n',
  ].join('');
}
const VERSION_ROW: Row = { name: 'version', env: 'QEMU_VERSION', help: 'display version information and exit' };

export function versionText(guest: Arch): string {
  return `qemu-${guest} version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\nModelled in binfmt-lab\n`;
}

/** The guest's environment. */
export function guestEnvironment(options: QemuOptions, envp: readonly string[]): string[] {
  let out = [...envp];
  for (const { set, text } of options.environment) {
    const name = text.replace(/=.*$/s, '');
    out = out.filter((entry) => !entry.startsWith(`${name}=`));
    if (set) out.push(text);
  }
  return out;
}
