/** Signals as commands are told them: "9", "KILL", "SIGKILL". */
import { NSIG, SIGNAL_NAMES } from '../../uapi/signal.ts';

/** The number; null for none. */
export function signalNumber(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text) < NSIG ? Number(text) : null;
  const name = text.toUpperCase().replace(/^SIG/, '');
  const found = SIGNAL_NAMES.indexOf((name === 'POLL' ? 'IO' : name) as (typeof SIGNAL_NAMES)[number]);
  return found > 0 ? found : null;
}

export const signalName = (sig: number): string => SIGNAL_NAMES[sig] ?? String(sig);
