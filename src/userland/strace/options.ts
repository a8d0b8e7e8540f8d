/** strace's command line. */
import { callFilter, type Filter, signalFilter } from './filter.ts';

export interface StraceOptions {
  follow: boolean;
  /** -ff: a file for each process. */
  separate: boolean;
  output: string | null;
  calls: Filter;
  /** The list names execve and execveat alone. */
  onlyExec: boolean;
  signals: Filter;
  stringSize: number;
  times: '' | 't' | 'tt' | 'ttt';
  quiet: boolean;
  /** -z: only successful calls; -Z: only failed ones. */
  outcome: 'all' | 'success' | 'failure';
  pids: number[];
  environment: string[];
  command: readonly string[];
}

export type StraceLine =
  | { readonly kind: 'run'; readonly options: StraceOptions }
  | { readonly kind: 'text'; readonly text: string }
  | Trouble;
export interface Trouble {
  readonly kind: 'error';
  readonly text: string;
  /** Followed by the hint to -h. */
  readonly hint: boolean;
}

const error = (text: string, hint = false): Trouble => ({ kind: 'error', text, hint });
/** Letters that take an argument. */
const WITH_VALUE = 'aeEoOpPsSuUbI';
/** Letters of the real one that are not modelled. */
const UNSUPPORTED = 'aAbcCdDFiIkKnNOPSrTuUvwxXyY';

const HELP = `Usage: strace [-fqtzZ] [-e EXPR]... [-o FILE] [-p PID]... [-s STRSIZE] [-E VAR=VAL]... PROG [ARGS]

  -e trace=SET     show only the calls of SET: names, %file %process %desc %signal %creds, !SET
  -e signal=SET    show only the signals of SET
  -f               follow children; -ff -o FILE: a file for each process
  -o FILE          write to FILE instead of standard error
  -p PID           look on at a running process
  -s STRSIZE       show so many bytes of strings (default 32)
  -t, -tt, -ttt    print the time
  -q               no messages about attaching
  -z, -Z           only successful calls, only failed calls
  -E VAR=VAL       put into the environment; -E VAR takes away
`;

export function parseLine(args: readonly string[]): StraceLine {
  const options: StraceOptions = {
    ...{ follow: false, separate: false, output: null, calls: () => true, onlyExec: false, signals: () => true, stringSize: 32, times: '' },
    ...{ quiet: false, outcome: 'all', pids: [], environment: [], command: [] },
  };
  const rest = [...args];
  while (rest[0]?.startsWith('-') && rest[0] !== '-') {
    const arg = rest.shift() as string;
    if (arg === '--') break;
    const stop = arg.startsWith('--') ? long(options, arg) : cluster(options, arg.slice(1), rest);
    if (stop) return stop;
  }
  options.command = rest;
  if (options.output === null) options.separate = false;
  if (rest.length === 0 && options.pids.length === 0) return error('must have PROG [ARGS] or -p PID', true);
  if (options.stringSize > 32 && !options.onlyExec) return error('-s larger than 32 is supported with -e trace=execve only in the lab');
  return { kind: 'run', options };
}

function long(options: StraceOptions, arg: string): StraceLine | null {
  const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
  if (name === 'help') return { kind: 'text', text: HELP };
  if (name === 'version') return { kind: 'text', text: VERSION };
  if (name === 'follow-forks') options.follow = true;
  else if (name === 'trace') return expression(options, `trace=${value ?? ''}`);
  else if (name === 'output') options.output = value ?? '';
  else if (name === 'quiet' || name === 'silent') options.quiet = true;
  else return error(`unrecognized option '${arg}'`, true);
  return null;
}

const VERSION = 'strace -- version 6.1, modelled in binfmt-lab\n';

function cluster(options: StraceOptions, letters: string, rest: string[]): StraceLine | null {
  for (let i = 0; i < letters.length; i++) {
    const c = letters[i] as string;
    if (!WITH_VALUE.includes(c)) {
      const stop = flag(options, c);
      if (stop) return stop;
      continue;
    }
    const value = letters.slice(i + 1) || rest.shift();
    return value === undefined ? error(`option requires an argument -- '${c}'`, true) : withValue(options, c, value);
  }
  return null;
}

function flag(options: StraceOptions, c: string): StraceLine | null {
  if (c === 'h') return { kind: 'text', text: HELP };
  if (c === 'V') return { kind: 'text', text: VERSION };
  if (c === 'f') [options.separate, options.follow] = [options.follow, true];
  else if (c === 't') options.times = `${options.times}t` as StraceOptions['times'];
  else if (c === 'q') options.quiet = true;
  else if (c === 'z') options.outcome = 'success';
  else if (c === 'Z') options.outcome = 'failure';
  else if (UNSUPPORTED.includes(c)) return error(`option -${c} is not supported in the lab`);
  else return error(`invalid option -- '${c}'`, true);
  return null;
}

function withValue(options: StraceOptions, c: string, value: string): StraceLine | null {
  if (c === 'e') return expression(options, value);
  if (c === 'o') options.output = value;
  else if (c === 'E') options.environment.push(value);
  else if (c === 's') {
    if (!/^\d+$/.test(value)) return error(`invalid -s argument: '${value}'`, true);
    options.stringSize = Number(value);
  } else if (c === 'p') {
    const pids = value.split(/[\s,]+/);
    const bad = pids.find((p) => !/^[1-9]\d*$/.test(p));
    if (bad !== undefined) return error(`Invalid process id: '${bad}'`);
    options.pids.push(...pids.map(Number));
  } else return error(`option -${c} is not supported in the lab`);
  return null;
}

/** Qualifiers of the real one that are not modelled. */
const OTHER_QUALIFIERS =
  /^(abbrev|verbose|raw|read|reads|write|writes|fault|inject|kvm|status|quiet|silent|silence|decode-fds?|namespace)=/;

function expression(options: StraceOptions, text: string): StraceLine | null {
  if (OTHER_QUALIFIERS.test(text)) return error(`-e ${text} is not supported in the lab`);
  const signals = /^(?:s|signals?)=(.*)$/s.exec(text);
  if (signals) {
    const filter = signalFilter(signals[1] ?? '');
    if ('bad' in filter) return error(`invalid signal '${filter.bad}'`);
    options.signals = filter;
    return null;
  }
  const list = text.replace(/^(t|traces?)=/, '');
  const filter = callFilter(list);
  if ('bad' in filter) return error(`invalid system call '${filter.bad}'`);
  options.calls = filter;
  options.onlyExec = list.split(',').every((word) => word === 'execve' || word === 'execveat');
  return null;
}
