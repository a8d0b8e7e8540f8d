/** read */
import { decode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { CLOCK_MONOTONIC, POLLIN } from '../../uapi/syscalls.ts';
import { ECHO, ICANON } from '../../uapi/termios.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { assignList, assignReference, splitReference } from '../assign.ts';
import { splitFields } from '../expand/fields.ts';
import { ifsOf } from '../expand/param.ts';
import { AbortFlow } from '../flow.ts';
import { builtinError } from '../report.ts';
import type { Shell } from '../shell.ts';
import { runPendingTraps } from '../traps.ts';
import { parseOptions } from './options.ts';

const USAGE = 'read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]';

interface Input {
  /** Chars, with those that a backslash protects marked. */
  readonly chars: readonly { readonly c: string; readonly escaped: boolean }[];
  readonly end: 'delimiter' | 'eof' | 'timeout' | 'count';
}

export async function read(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'ersa:d:i:n:N:p:t:u:', USAGE);
  if (!o) return 2;
  const names = args.slice(o.next);
  for (const name of names) {
    if (splitReference(name)) continue;
    await builtinError(sh, 'read', `\`${name}': not a valid identifier`);
    return 1;
  }
  const fd = Number(o.values.get('u') ?? 0);
  if (o.values.has('u') && IS_ERR(sh.sys.fcntl(fd, 1))) {
    await builtinError(sh, 'read', `${o.values.get('u')}: invalid file descriptor: Bad file descriptor`);
    return 1;
  }
  const timeout = o.values.get('t');
  if (timeout !== undefined && !/^(?:\d+\.?\d*|\.\d+)$/.test(timeout)) {
    await builtinError(sh, 'read', `${timeout}: invalid timeout specification`);
    return 1;
  }
  const bad = ['n', 'N'].map((l) => o.values.get(l)).find((v) => v !== undefined && !/^\s*\+?\d+\s*$/.test(v));
  if (bad !== undefined) {
    await builtinError(sh, 'read', `${bad}: invalid number`);
    return 1;
  }
  const isTty = !IS_ERR(sh.sys.ioctl(fd, 'TCGETS'));
  if (o.values.has('p') && isTty) await sh.write(2, o.values.get('p') ?? '');
  if (timeout !== undefined && Number(timeout) === 0) return (await ready(sh, fd, 0)) ? 0 : 1;
  const count = o.values.get('N') ?? o.values.get('n');
  const restore =
    isTty && (o.letters.includes('s') || count !== undefined)
      ? setTerminal(sh, fd, o.letters.includes('s'), count !== undefined)
      : undefined;
  let input: Input;
  try {
    input = await readInput(sh, fd, {
      raw: o.letters.includes('r'),
      delimiter: o.values.has('N') ? undefined : (o.values.get('d') ?? '\n').slice(0, 1),
      count: count === undefined ? undefined : Number(count),
      deadline: timeout === undefined ? undefined : sh.sys.clock_gettime(CLOCK_MONOTONIC) + Number(timeout) * 1000,
    });
  } finally {
    restore?.();
  }
  await distribute(sh, input, names, o.values.get('a'), o.values.has('N'));
  if (input.end === 'timeout') return 142;
  return input.end === 'eof' ? 1 : 0;
}

function setTerminal(sh: Shell, fd: number, silent: boolean, byChar: boolean): () => void {
  const old = sh.sys.ioctl(fd, 'TCGETS');
  if (IS_ERR(old)) return () => undefined;
  let flags = old.c_lflag;
  if (silent) flags &= ~ECHO;
  if (byChar) flags &= ~ICANON;
  sh.sys.ioctl(fd, 'TCSETSW', { ...old, c_lflag: flags });
  return () => void sh.sys.ioctl(fd, 'TCSETSW', old);
}

async function ready(sh: Shell, fd: number, ms: number): Promise<boolean> {
  const fds = [{ fd, events: POLLIN, revents: 0 }];
  const n = await sh.sys.poll(fds, ms);
  return !IS_ERR(n) && n > 0;
}

interface ReadRules {
  readonly raw: boolean;
  readonly delimiter: string | undefined;
  readonly count: number | undefined;
  readonly deadline: number | undefined;
}

async function readInput(sh: Shell, fd: number, rules: ReadRules): Promise<Input> {
  const chars: { c: string; escaped: boolean }[] = [];
  const source = new CharReader(sh, fd, rules.deadline);
  const stop = rules.delimiter === '' ? '\0' : rules.delimiter;
  if (rules.count === 0) return { chars, end: 'count' };
  for (;;) {
    const c = await source.next();
    if (c === 'eof' || c === 'timeout') return { chars, end: c };
    if (c.c === stop) return { chars, end: 'delimiter' };
    if (c.c === '\0') continue;
    if (c.c === '\\' && !rules.raw) {
      const after = await source.next();
      if (after === 'eof' || after === 'timeout') return { chars, end: after };
      if (after.c === '\n') continue;
      chars.push({ c: after.c, escaped: true });
    } else chars.push({ c: c.c, escaped: false });
    if (rules.count !== undefined && chars.length >= rules.count) return { chars, end: 'count' };
  }
}

/** Chars from a descriptor, byte by byte: what follows belongs to the next reader. */
class CharReader {
  private buffer: Uint8Array = new Uint8Array();
  private at = 0;

  constructor(
    private readonly sh: Shell,
    private readonly fd: number,
    private readonly deadline: number | undefined,
  ) {}

  async next(): Promise<{ readonly c: string } | 'eof' | 'timeout'> {
    const first = await this.byte();
    if (typeof first !== 'number') return first;
    const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
    const bytes = [first];
    for (let i = 0; i < more; i++) {
      const b = await this.byte();
      if (typeof b !== 'number') break;
      bytes.push(b);
    }
    return { c: decode(Uint8Array.from(bytes)) };
  }

  private async byte(): Promise<number | 'eof' | 'timeout'> {
    while (this.at >= this.buffer.length) {
      if (this.deadline !== undefined) {
        const left = this.deadline - this.sh.sys.clock_gettime(CLOCK_MONOTONIC);
        if (left <= 0 || !(await ready(this.sh, this.fd, left))) return 'timeout';
      }
      const chunk = await this.sh.sys.read(this.fd, 1);
      if (IS_ERR(chunk)) {
        if (chunk.code !== 'EINTR') {
          await builtinError(this.sh, 'read', `read error: ${this.fd}: ${chunk.message}`);
          return 'eof';
        }
        await runPendingTraps(this.sh);
        if (this.sh.interrupted) throw new AbortFlow(130);
        continue;
      }
      if (chunk.length === 0) return 'eof';
      this.buffer = chunk;
      this.at = 0;
    }
    return this.buffer[this.at++] as number;
  }
}

async function distribute(sh: Shell, input: Input, names: readonly string[], array: string | undefined, whole: boolean): Promise<void> {
  const text = input.chars.map((x) => x.c).join('');
  if (whole) {
    const [first = 'REPLY', ...rest] = names;
    await assignReference(sh, first, text);
    for (const n of rest) await assignReference(sh, n, '');
    return;
  }
  const ifs = ifsOf(sh);
  if (array !== undefined) {
    assignList(sh, array, splitProtected(input, ifs));
    return;
  }
  if (names.length === 0) return assignReference(sh, 'REPLY', text);
  const fields = takeFields(input, ifs, names.length);
  for (let i = 0; i < names.length; i++) await assignReference(sh, names[i] as string, fields[i] ?? '');
}

/** Escaped chars are carried through the splitting as private-use chars. */
const SHIFT = 0xf0000;
const protect = (input: Input): string =>
  input.chars.map((x) => (x.escaped ? String.fromCodePoint(SHIFT + (x.c.codePointAt(0) as number)) : x.c)).join('');
const unprotect = (s: string): string =>
  s.replace(/[\u{f0000}-\u{fffff}]/gu, (c) => String.fromCodePoint((c.codePointAt(0) as number) - SHIFT));

function splitProtected(input: Input, ifs: string): string[] {
  return splitFields(protect(input), ifs).map(unprotect);
}

/** The first n-1 fields, and the rest of the line as it is for the last name. */
function takeFields(input: Input, ifs: string, n: number): string[] {
  const blank = [...ifs].filter((c) => /[ \t\n]/.test(c)).join('');
  const isBlank = (c: string | undefined): boolean => c !== undefined && blank.includes(c);
  const s = [...protect(input)];
  const out: string[] = [];
  let i = 0;
  while (isBlank(s[i])) i++;
  while (out.length < n - 1 && i < s.length) {
    let word = '';
    while (i < s.length && !ifs.includes(s[i] as string)) word += s[i++];
    while (isBlank(s[i])) i++;
    if (i < s.length && ifs.includes(s[i] as string) && !isBlank(s[i])) i++;
    while (isBlank(s[i])) i++;
    out.push(word);
  }
  out.push(lastField(s.slice(i), ifs, isBlank));
  return out.map(unprotect);
}

/** Trailing blanks go; so does one trailing delimiter if it is the only one. */
function lastField(rest: readonly string[], ifs: string, isBlank: (c: string | undefined) => boolean): string {
  let end = rest.length;
  while (end > 0 && isBlank(rest[end - 1])) end--;
  const at = rest.findIndex((c) => ifs.includes(c) && !isBlank(c));
  if (at >= 0 && at === end - 1) {
    end = at;
    while (end > 0 && isBlank(rest[end - 1])) end--;
  }
  return rest.slice(0, end).join('');
}
