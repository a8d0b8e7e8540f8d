/** trap */
import { NSIG, SIGNAL_NAMES } from '../../uapi/signal.ts';
import type { ExitCode } from '../../uapi/types.ts';
import { singleQuote } from '../quoting.ts';
import { builtinError } from '../report.ts';
import type { Shell } from '../shell.ts';
import { type TrapName, trapLabel } from '../trap-table.ts';
import { setTrap, trapName } from '../traps.ts';
import { output, parseOptions } from './options.ts';

const USAGE = 'trap [-lp] [[arg] signal_spec ...]';

/** The order in which bash lists them. */
const ORDER: readonly TrapName[] = ['EXIT', ...Array.from({ length: NSIG - 1 }, (_, i) => i + 1), 'DEBUG', 'ERR', 'RETURN'];

export async function trap(sh: Shell, args: readonly string[]): Promise<ExitCode> {
  const o = await parseOptions(sh, args, sh.posixSh ? '' : 'lp', USAGE);
  if (!o) return 2;
  const rest = args.slice(o.next);
  if (o.letters.includes('l')) return output(sh, 'trap', signalTable());
  if (rest.length === 0 || o.letters.includes('p')) return listTraps(sh, rest);
  const first = rest[0] as string;
  const single = rest.length === 1;
  const reset = single || first === '-' || /^\d+$/.test(first);
  if (single && trapName(first) === undefined && !/^\d+$/.test(first)) {
    if (sh.posixSh && first !== '-' && first !== '') {
      await builtinError(sh, 'trap', `${first}: invalid signal specification`);
      return 1;
    }
    await sh.write(2, `trap: usage: ${USAGE}\n`);
    return 2;
  }
  const signals = reset && first !== '-' ? rest : rest.slice(1);
  let status = 0;
  for (const s of signals) {
    const name = trapName(s);
    if (name === undefined) {
      if (sh.posixSh) await sh.write(2, `trap: ${s}: bad trap\n`);
      else await builtinError(sh, 'trap', `${s}: invalid signal specification`);
      status = 1;
    } else setTrap(sh, name, reset ? undefined : first);
  }
  return status;
}

async function listTraps(sh: Shell, which: readonly string[]): Promise<ExitCode> {
  const wanted = which.map(trapName);
  let out = '';
  for (const name of ORDER) {
    const action = sh.traps.actions.get(name);
    if (action === undefined || (wanted.length > 0 && !wanted.includes(name))) continue;
    const label = trapLabel(name);
    out += `trap -- ${singleQuote(action)} ${sh.posixSh ? label.replace(/^SIG/, '') : label}\n`;
  }
  return output(sh, 'trap', out);
}

/** `kill -l` and `trap -l`: five in a row. */
export function signalTable(): string {
  let out = '';
  for (let n = 1; n < NSIG; n++) out += `${String(n).padStart(2)}) SIG${SIGNAL_NAMES[n]}${n % 5 === 0 ? '\n' : '\t'}`;
  return out.endsWith('\n') ? out : `${out.trimEnd()}\n`;
}
