/** The command line's grammar: options before FILE or --, then everything belongs to the script. */
import { HOSTS, type HostArch } from '../uapi/host.ts';

export interface Mapping {
  readonly from: string;
  readonly to: string;
}

export interface RunOptions {
  readonly kernel?: string;
  readonly host?: HostArch;
  readonly user?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Host path to lab path. */
  readonly volumes: readonly Mapping[];
  /** Lab path to host path. */
  readonly outs: readonly Mapping[];
  readonly trace?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly command?: string;
  readonly rest: readonly string[];
}

/** A usage error: its text is what stands after "binfmt-lab: ". */
export class UsageError {
  constructor(readonly message: string) {}
}

interface Draft {
  kernel?: string;
  host?: HostArch;
  user?: string;
  env: Record<string, string>;
  volumes: Mapping[];
  outs: Mapping[];
  trace?: string;
  timeout?: number;
  command?: string;
}

/** Each option that takes a value, and what it does with it; a string answer is what is wrong with the value. */
const OPTIONS: Readonly<Record<string, (draft: Draft, value: string) => string | undefined>> = {
  '--kernel': (d, v) => void (d.kernel = v),
  '--host': (d, v) => {
    const host = HOSTS.find((h) => h === v);
    if (host === undefined) return `unknown host '${v}': one of ${HOSTS.join(', ')}`;
    d.host = host;
    return undefined;
  },
  '--user': (d, v) => void (d.user = v),
  '-e': (d, v) => {
    const eq = v.indexOf('=');
    if (eq < 1) return `-e wants NAME=VALUE, not '${v}'`;
    d.env[v.slice(0, eq)] = v.slice(eq + 1);
    return undefined;
  },
  '-v': (d, v) => mapping(v, '-v wants HOSTPATH:LABPATH', d.volumes),
  '--out': (d, v) => mapping(v, '--out wants LABPATH:HOSTPATH', d.outs),
  '--trace': (d, v) => void (d.trace = v),
  '--timeout': (d, v) => {
    const s = Number(v);
    if (v.trim() === '' || !Number.isFinite(s) || s <= 0) return `--timeout wants a number of seconds, not '${v}'`;
    d.timeout = s;
    return undefined;
  },
  '-c': (d, v) => void (d.command = v),
};

function mapping(value: string, want: string, into: Mapping[]): string | undefined {
  const colon = value.indexOf(':');
  if (colon < 1 || colon === value.length - 1) return `${want}, not '${value}'`;
  into.push({ from: value.slice(0, colon), to: value.slice(colon + 1) });
  return undefined;
}

/** Parses what follows `run` or `shell`. Options end at FILE, at `--`, or after `-c SCRIPT`. */
export function parseRun(argv: readonly string[]): RunOptions | UsageError {
  const draft: Draft = { env: {}, volumes: [], outs: [] };
  let i = 0;
  for (; i < argv.length; i++) {
    const arg = argv[i] ?? '';
    if (arg === '--') {
      i++;
      break;
    }
    if (!arg.startsWith('-') || arg === '-') break;
    const eq = arg.startsWith('--') ? arg.indexOf('=') : -1;
    const name = eq < 0 ? arg : arg.slice(0, eq);
    const take = OPTIONS[name];
    if (take === undefined) return new UsageError(`unknown option '${name}'`);
    const value = eq < 0 ? argv[++i] : arg.slice(eq + 1);
    if (value === undefined) return new UsageError(`option '${name}' needs a value`);
    const wrong = take(draft, value);
    if (wrong !== undefined) return new UsageError(wrong);
    if (draft.command !== undefined) {
      i++;
      if (argv[i] === '--') i++;
      break;
    }
  }
  return { ...draft, rest: argv.slice(i) };
}
