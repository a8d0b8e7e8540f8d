/** Reads a shell command that writes to `register` and says which bytes the kernel gets, as bash would write them. */
import { concat, decode, encode, latin1 } from '../uapi/bytes.ts';
import type { Bytes } from '../uapi/types.ts';
import type { ShellDamage } from './facts.ts';
import { echoEscapes, formatEscapes } from './shell-escapes.ts';
import { isWord, ShellError, type Token, tokenize, type Word } from './shell-words.ts';

export interface ShellLine {
  /** What reaches the kernel in one write. */
  readonly line: Bytes;
  readonly damage: ReadonlySet<ShellDamage>;
}

interface Output {
  readonly bytes: Bytes;
  readonly decoded: boolean;
}

/** One `echo` or `printf` whose output goes to `register`, by redirection or through tee, perhaps with sudo or inside sh -c. */
export function fromShell(text: string): ShellLine | ShellError {
  const tokens = tokenize(text.trim());
  if (tokens instanceof ShellError) return tokens;
  if (tokens.length === 0) return new ShellError('empty', 'there is no command');
  const [left, right, ...more] = split(tokens);
  if (left === undefined || more.length > 0) return new ShellError('several_commands', 'one command is read at a time');
  const inner = innerScript(left);
  if (inner !== null && right === undefined) return fromShell(inner);
  return read(left, right);
}

/** At pipes. */
function split(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const at = tokens.findIndex((t) => !isWord(t) && t.op === '|');
  return at < 0 ? [tokens] : [tokens.slice(0, at), ...split(tokens.slice(at + 1))];
}

/** The script of `sudo sh -c '…'`; null for any other command. */
function innerScript(tokens: readonly Token[]): string | null {
  const words = tokens.filter(isWord).map((w) => decode(w.bytes));
  const [shell, option, script] = words[0] === 'sudo' ? words.slice(1) : words;
  const isShell = /(^|\/)(ba|da)?sh$/.test(shell ?? '') && option === '-c';
  return isShell && tokens.every(isWord) ? (script ?? null) : null;
}

function read(left: readonly Token[], right: readonly Token[] | undefined): ShellLine | ShellError {
  const command = redirected(left);
  if (command instanceof ShellError) return command;
  const target = right === undefined ? command.target : teeTarget(right);
  if (target instanceof ShellError) return target;
  if (target === null) return new ShellError('no_redirection', 'the output goes nowhere: add > /proc/sys/fs/binfmt_misc/register');
  if (!/(^|\/)register$/.test(target)) return new ShellError('other_target', `the output goes to ${target}, not to register`);
  const output = run(command.words);
  if (output instanceof ShellError) return output;
  const damage = new Set<ShellDamage>();
  if (output.decoded || command.words.some((w) => w.decoded)) damage.add('escapes decoded');
  if (command.words.some((w) => w.ateBackslash)) damage.add('backslashes eaten');
  return { line: output.bytes, damage };
}

interface Redirected {
  readonly words: readonly Word[];
  readonly target: string | null;
}

/** Words, and the file that the last > names. */
function redirected(tokens: readonly Token[]): Redirected | ShellError {
  const words: Word[] = [];
  let target: string | null = null;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (isWord(token)) words.push(token);
    else if (token?.op === '\n' || token?.op === ';') {
      if (i < tokens.length - 1) return new ShellError('several_commands', 'one command is read at a time');
    } else if (token !== undefined && ['>', '>>', '>|'].includes(token.op)) {
      const file = tokens[++i];
      if (!isWord(file)) return new ShellError('no_redirection', `${token.op} names no file`);
      target = decode(file.bytes);
    } else return new ShellError('unsupported_operator', `${token?.op} is not known here`);
  }
  return { words, target };
}

function teeTarget(tokens: readonly Token[]): string | ShellError {
  const command = redirected(tokens);
  if (command instanceof ShellError) return command;
  const words = command.words.map((w) => decode(w.bytes)).filter((w, i) => !(w === 'sudo' && i === 0));
  const [name, ...args] = words;
  if (name !== 'tee') return new ShellError('unknown_command', `behind a pipe only tee is known here, not ${name ?? 'nothing'}`);
  return args.find((a) => !a.startsWith('-')) ?? new ShellError('no_redirection', 'tee names no file');
}

function run(words: readonly Word[]): Output | ShellError {
  const [name, ...args] =
    words[0] !== undefined && ['sudo', 'env', 'builtin', 'command'].includes(decode(words[0].bytes)) ? words.slice(1) : words;
  switch (name === undefined ? '' : decode(name.bytes)) {
    case 'echo':
    case '/bin/echo':
    case '/usr/bin/echo':
      return echo(args.map((w) => w.bytes));
    case 'printf':
    case '/usr/bin/printf':
      return printf(args.map((w) => w.bytes));
    default:
      return new ShellError(
        'unknown_command',
        `only echo and printf are known here, not ${name === undefined ? 'nothing' : decode(name.bytes)}`,
      );
  }
}

function echo(args: readonly Bytes[]): Output {
  const texts = args.map(latin1);
  const first = texts.findIndex((t) => !/^-[neE]+$/.test(t));
  const options = (first < 0 ? texts : texts.slice(0, first)).join('');
  const body = args.slice(first < 0 ? args.length : first).flatMap((a, i) => (i === 0 ? [a] : [encode(' '), a]));
  const escapes = /[eE]/.test(options) && options.lastIndexOf('e') > options.lastIndexOf('E');
  const plain = concat(body);
  const { bytes, stopped } = escapes ? echoEscapes(decode(plain)) : { bytes: plain, stopped: false };
  const newline = options.includes('n') || stopped ? encode('') : encode('\n');
  return { bytes: concat([bytes, newline]), decoded: escapes && hasEscapes(decode(plain)) };
}

/** %s, %b and %%; the format is used again while arguments are left. */
function printf(args: readonly Bytes[]): Output | ShellError {
  const [format, ...rest] = args;
  if (format === undefined) return new ShellError('bad_format', 'printf has no format');
  const text = decode(format);
  if (text.startsWith('-')) return new ShellError('unknown_option', `printf does not know ${text}`);
  const pieces = text.split(/(%.)/s);
  const bad = pieces.find((p) => p.startsWith('%') && !['%s', '%b', '%%'].includes(p));
  if (bad !== undefined) return new ShellError('bad_format', `printf's ${bad} is not known here: %s, %b and %% are`);
  const uses = pieces.some((p) => p === '%s' || p === '%b');
  const out: Output[] = [];
  do out.push(...pieces.map((piece) => print(piece, rest)));
  while (uses && rest.length > 0);
  return { bytes: concat(out.map((o) => o.bytes)), decoded: out.some((o) => o.decoded) };
}

function print(piece: string, args: Bytes[]): Output {
  if (piece === '%%') return { bytes: encode('%'), decoded: false };
  if (piece === '%s') return { bytes: args.shift() ?? encode(''), decoded: false };
  if (piece !== '%b') return { bytes: formatEscapes(piece), decoded: hasEscapes(piece) };
  const text = decode(args.shift() ?? encode(''));
  return { bytes: echoEscapes(text).bytes, decoded: hasEscapes(text) };
}

/** Escapes that make bytes; newlines and pairs of backslashes are everyday. */
const hasEscapes = (text: string): boolean => /\\[^n]/.test(text.replaceAll('\\\\', ''));
