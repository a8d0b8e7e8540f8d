/** paste(1). */
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { LineReader } from '../lib/stdio.ts';

export const main = command(
  {
    name: 'paste',
    usage: ['[OPTION]... [FILE]...'],
    summary: 'Prints the lines of several files side by side.',
    options: [
      ['-d, --delimiters=LIST', 'what stands between, in turn (a tab)'],
      ['-s, --serial', 'one file after the other'],
      ['-z, --zero-terminated', 'lines end with NUL'],
    ],
  },
  async (io, options, operands) => {
    io.stdout.encode = io.charset.encode;
    const delimiters = delimitersOf(io, options);
    const end = options.has('z') ? '\0' : '\n';
    const names = operands.length === 0 ? ['-'] : operands;
    await (options.has('s') ? serial(io, names, delimiters, end) : parallel(io, names, delimiters, end));
    return undefined;
  },
);

const ESCAPES: Readonly<Record<string, string>> = { '0': '', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function delimitersOf(io: Io, options: Options): string[] {
  const list = io.charset.fromArgument(options.value('d') ?? '\t');
  if (/(^|[^\\])(\\\\)*\\$/.test(list)) throw new Failure(`delimiter list ends with an unescaped backslash: ${options.value('d')}`);
  const out = [...list.matchAll(/\\(.)|(.)/gsu)].map(([, escaped, plain]) =>
    escaped === undefined ? (plain ?? '') : (ESCAPES[escaped] ?? escaped),
  );
  return out.length === 0 ? [''] : out;
}

type End = '\n' | '\0';

async function reader(io: Io, name: string, end: End): Promise<LineReader | Errno> {
  const fd = name === '-' ? 0 : await io.sys.open(name, O_RDONLY);
  return IS_ERR(fd) ? fd : new LineReader(io.sys, fd, io.charset, end);
}

async function serial(io: Io, names: readonly string[], delimiters: readonly string[], end: End): Promise<void> {
  for (const name of names) {
    const source = await reader(io, name, end);
    if (IS_ERR(source)) {
      await io.fail(io.quoteIfNeeded(name), source);
      continue;
    }
    for (let i = 0; ; i++) {
      const line = await source.next();
      if (IS_ERR(line)) await io.fail(io.quoteIfNeeded(name), line);
      if (line === undefined || IS_ERR(line)) break;
      await io.stdout.write((i === 0 ? '' : (delimiters[(i - 1) % delimiters.length] ?? '')) + line);
    }
    io.stdout.put(end);
  }
}

async function parallel(io: Io, names: readonly string[], delimiters: readonly string[], end: End): Promise<void> {
  const sources = await openAll(io, names, end);
  for (;;) {
    const lines: (string | undefined)[] = [];
    for (const [source, name] of sources) {
      const line = await source.next();
      if (IS_ERR(line)) await io.fail(io.quoteIfNeeded(name), line);
      lines.push(IS_ERR(line) ? undefined : line);
    }
    if (lines.every((line) => line === undefined) || io.stdout.error) return;
    const last = lines.length - 1;
    await io.stdout.write(lines.map((line, i) => (line ?? '') + (i === last ? end : (delimiters[i % delimiters.length] ?? ''))).join(''));
  }
}

async function openAll(io: Io, names: readonly string[], end: End): Promise<(readonly [LineReader, string])[]> {
  const out: [LineReader, string][] = [];
  const stdin = new LineReader(io.sys, 0, io.charset, end);
  for (const name of names) {
    const source = name === '-' ? stdin : await reader(io, name, end);
    if (IS_ERR(source)) throw new Failure(`${io.quoteIfNeeded(name)}: ${source.message}`);
    out.push([source, name]);
  }
  return out;
}
