/** history, fc: over the list that the interactive front end keeps. */
import type { ExitCode } from '../../uapi/types.ts';
import { AbortFlow } from '../flow.ts';
import { parseAndRun } from '../input.ts';
import { ShellHistory } from '../interactive/shell-history.ts';
import { builtinError } from '../report.ts';
import type { History, Shell } from '../shell.ts';
import { output, parseOptions } from './options.ts';

const HISTORY_USAGE = 'history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]';

export async function historyBuiltin(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, 'cd:anrwps', HISTORY_USAGE);
  if (!o) return 2;
  const h = await historyOf(sh);
  const rest = args.slice(o.next);
  const has = (c: string): boolean => o.letters.includes(c);
  if (has('c')) {
    h.clear();
    return 0;
  }
  if (has('d')) return deleteEntry(sh, h, o.values.get('d') ?? '');
  if (has('s')) {
    if (sh.interactive) h.entries.pop();
    if (rest.length > 0) h.entries.push(rest.join(' '));
    return 0;
  }
  if (has('p')) return printExpanded(sh, h, rest);
  if (has('a') || has('w') || has('r') || has('n')) return historyFile(sh, h, rest[0], has('a'), has('a') || has('w'));
  if (rest.length > 1) {
    await builtinError(sh, 'history', 'too many arguments');
    throw new AbortFlow(1);
  }
  return listHistory(sh, h, rest[0]);
}

/** A script has a list of its own, empty until `history -s` or `set -o history`. */
async function historyOf(sh: Shell): Promise<History> {
  sh.history ??= new ShellHistory(sh);
  return sh.history;
}

async function printExpanded(sh: Shell, h: History, texts: readonly string[]): Promise<ExitCode> {
  let status = 0;
  let out = '';
  for (const text of texts) {
    const expanded = h.expand(text);
    if (expanded === undefined) {
      await builtinError(sh, 'history', `${text}: history expansion failed`);
      status = 1;
    } else out += `${expanded}\n`;
  }
  return (await output(sh, 'history', out)) || status;
}

async function deleteEntry(sh: Shell, h: History, text: string): Promise<ExitCode> {
  const n = Number(text);
  const at = n < 0 ? h.entries.length + n : n - h.base;
  if (!/^-?\d+$/.test(text) || at < 0 || at >= h.entries.length) {
    await builtinError(sh, 'history', `${text}: history position out of range`);
    return 1;
  }
  h.delete(at);
  return 0;
}

async function historyFile(sh: Shell, h: History, name: string | undefined, append: boolean, write: boolean): Promise<ExitCode> {
  const file = name ?? sh.get('HISTFILE');
  if (!file) return 1;
  return (await (write ? h.save(file, append) : h.load(file))) ? 0 : 1;
}

async function listHistory(sh: Shell, h: History, count: string | undefined): Promise<ExitCode> {
  if (count !== undefined && !/^\d+$/.test(count)) {
    await builtinError(sh, 'history', `${count}: numeric argument required`);
    return 1;
  }
  const from = count === undefined ? 0 : Math.max(0, h.entries.length - Number(count));
  return output(
    sh,
    'history',
    h.entries
      .slice(from)
      .map((e, i) => `${String(h.base + from + i).padStart(5)}  ${e}\n`)
      .join(''),
  );
}

const FC_USAGE = 'fc [-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]';

export async function fc(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const numeric = args.findIndex((a, i) => i > 0 && /^-\d+$/.test(a));
  const o = await parseOptions(sh, numeric > 0 ? [...args.slice(0, numeric), '--', ...args.slice(numeric)] : args, 'e:lnrs', FC_USAGE);
  if (!o) return 2;
  const h = await historyOf(sh);
  const rest = args.filter((a, i) => i > 0 && (!a.startsWith('-') || /^-\d+$/.test(a)) && a !== o.values.get('e'));
  if (o.letters.includes('s')) return rerun(sh, h, rest);
  if (!o.letters.includes('l')) {
    await builtinError(sh, 'fc', 'editing is not supported here: use -l or -s');
    return 1;
  }
  const last = h.entries.length - (sh.interactive ? 2 : 1);
  const from = position(h, rest[0], Math.max(0, last - 15));
  const to = position(h, rest[1], rest[0] === undefined || last >= from ? last : from);
  const list = [];
  for (let i = Math.min(from, to); i <= Math.max(from, to); i++) {
    const e = h.entries[i];
    if (e !== undefined) list.push(o.letters.includes('n') ? `\t ${e}\n` : `${h.base + i}\t ${e}\n`);
  }
  if (o.letters.includes('r') !== from > to) list.reverse();
  return output(sh, 'fc', list.join(''));
}

function position(h: History, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^-\d+$/.test(text)) return h.entries.length - 1 + Number(text);
  if (/^\d+$/.test(text)) return Number(text) - h.base;
  const at = h.entries.slice(0, -1).findLastIndex((e) => e.startsWith(text));
  return at < 0 ? otherwise : at;
}

async function rerun(sh: Shell, h: History, rest: readonly string[]): Promise<ExitCode> {
  const edit = rest[0]?.includes('=') ? rest[0] : undefined;
  const at = position(h, rest[edit === undefined ? 0 : 1], h.entries.length - (sh.interactive ? 2 : 1));
  let text = h.entries[at];
  if (text === undefined) {
    await builtinError(sh, 'fc', 'no command found');
    return 1;
  }
  if (edit !== undefined) {
    const cut = edit.indexOf('=');
    text = text.split(edit.slice(0, cut)).join(edit.slice(cut + 1));
  }
  await sh.write(2, `${text}\n`);
  if (sh.interactive) h.entries[h.entries.length - 1] = text;
  return parseAndRun(sh, text, { where: 'eval', firstLine: 1 });
}
