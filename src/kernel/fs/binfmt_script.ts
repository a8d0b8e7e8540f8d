/** Runs files whose first line names an interpreter. Follows fs/binfmt_script.c. Rules S1–S8 of docs/linux-exec.md. */
import { decode } from '../../uapi/bytes.ts';
import { ENOENT, ENOEXEC, IS_ERR, type Status } from '../../uapi/errno.ts';
import type { Bytes } from '../../uapi/types.ts';
import type { LinuxBinfmt, LinuxBinprm } from '../include/binfmts.ts';
import type { KernelVersion } from '../init/version.ts';
import { because, bprm_change_interp, copy_string_kernel, open_exec, remove_arg_zero } from './exec.ts';

export const script_format: LinuxBinfmt = {
  name: 'script',
  load_binary: load_script,
  would_take(bprm) {
    const line = parse_script_line(bprm.buf, bprm.task.kernel.version);
    return 'why' in line ? null : `its first line hands it to ${line.interpreter}`;
  },
};

/**
 * The file becomes an argument of the interpreter that its first line names.
 * @linux fs/binfmt_script.c load_script #Y
 */
function load_script(bprm: LinuxBinprm): Status {
  const line = parse_script_line(bprm.buf, bprm.task.kernel.version);
  if ('why' in line) return because(bprm, line.rule, line.why, ENOEXEC);
  if (bprm.interp_flags_inaccessible) {
    return because(bprm, 'X8', 'the interpreter could not open the script: its descriptor closes on exec', ENOENT);
  }

  // Pushed from the last to the first: argv becomes interpreter, argument, script, and what followed argv[0].
  remove_arg_zero(bprm);
  const pushed =
    copy_string_kernel(bprm, bprm.interp) ||
    (line.argument === null ? 0 : copy_string_kernel(bprm, line.argument)) ||
    copy_string_kernel(bprm, line.interpreter);
  if (pushed) return because(bprm, 'X3', 'the pushed strings do not fit', pushed);
  bprm_change_interp(bprm, line.interpreter);

  const file = open_exec(bprm.task, line.interpreter, bprm.depth + 1);
  if (IS_ERR(file)) return because(bprm, 'S4', `the interpreter ${line.interpreter} cannot be opened`, file);
  bprm.interpreter = file;
  return because(bprm, 'S3', `the first line names ${line.interpreter}`, 0);
}

export interface ScriptLine {
  readonly interpreter: string;
  /** All that follows the interpreter, as one string. */
  readonly argument: string | null;
}
/** Why a window does not start with a usable `#!` line. */
export interface NoScript {
  readonly why: string;
  readonly rule: string;
}

type ScriptRules = Pick<KernelVersion, 'script_parser' | 'script_cut'>;

const [NUL, TAB, NEWLINE, SPACE, HASH, BANG] = [0x00, 0x09, 0x0a, 0x20, 0x23, 0x21];
const NO_MAGIC: NoScript = { why: 'the file does not start with #!', rule: 'S1' };
const ALL_BLANK: NoScript = { why: 'nothing but blanks follows #!', rule: 'S2' };
const CUT: NoScript = { why: 'the interpreter path may have been cut by the window', rule: 'S6' };
const NO_NAME: NoScript = { why: 'the #! line names no interpreter', rule: 'S2' };

/** Reads the `#!` line of a window as the chosen kernel does. */
export function parse_script_line(window: Bytes, rules: ScriptRules): ScriptLine | NoScript {
  if (window[0] !== HASH || window[1] !== BANG) return NO_MAGIC;
  const end = line_end(window, rules.script_cut);
  if (typeof end !== 'number') return end;
  return rules.script_parser === 'since 5.8' ? split_line(window, end) : split_line_before_5_8(window, end);
}

/** Where the line ends: at its newline, else at the last byte of the window if the interpreter's path surely is whole. */
function line_end(window: Bytes, cut: KernelVersion['script_cut']): number | NoScript {
  const last = window.length - 1;
  const newline = strnchr(window, NEWLINE);
  if (newline >= 0) return newline;
  if (cut === 'runs the cut path') return last;
  const name = next_non_spacetab(window, 2, last);
  if (name < 0) return ALL_BLANK;
  return next_terminator(window, name, last) < 0 ? CUT : last;
}

/** The parser of 5.8 and later: three marks in the line, then strings up to the first zero byte. */
function split_line(window: Bytes, line_end: number): ScriptLine | NoScript {
  let end = line_end;
  while (is_spacetab(window[end - 1])) end--;
  const name = next_non_spacetab(window, 2, end);
  if (name < 0 || name === end) return NO_NAME;
  const sep = next_terminator(window, name, end);
  const arg = sep >= 0 && window[sep] !== NUL ? next_non_spacetab(window, sep, end) : -1;
  return {
    interpreter: c_string(window, name, arg >= 0 ? sep : end),
    argument: arg >= 0 ? c_string(window, arg, end) : null,
  };
}

/** The older parser: blanks around the interpreter turn into zero bytes, and a zero byte ends everything (S8). */
function split_line_before_5_8(window: Bytes, line_end: number): ScriptLine | NoScript {
  let end = line_end;
  while (is_spacetab(window[end - 1])) end--;
  const nul = window.subarray(0, end).indexOf(NUL);
  if (nul >= 0) end = nul;
  const name = next_non_spacetab(window, 2, end - 1);
  if (name < 0) return NO_NAME;
  const sep = next_terminator(window, name, end - 1);
  const arg = sep < 0 ? -1 : next_non_spacetab(window, sep, end - 1);
  return {
    interpreter: c_string(window, name, sep < 0 ? end : sep),
    argument: arg < 0 ? null : c_string(window, arg, end),
  };
}

const is_spacetab = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

/**
 * First index in [first, last] that holds no blank, or -1.
 * @linux fs/binfmt_script.c next_non_spacetab #Y
 */
function next_non_spacetab(window: Bytes, first: number, last: number): number {
  for (let i = first; i <= last; i++) if (!is_spacetab(window[i])) return i;
  return -1;
}

/**
 * First index in [first, last] that holds a blank or a zero byte, or -1.
 * @linux fs/binfmt_script.c next_terminator #Y
 */
function next_terminator(window: Bytes, first: number, last: number): number {
  for (let i = first; i <= last; i++) if (is_spacetab(window[i]) || window[i] === NUL) return i;
  return -1;
}

/**
 * First index of `byte`, looked for up to the first zero byte; -1 without.
 * @linux lib/string.c strnchr #Y
 */
function strnchr(window: Bytes, byte: number): number {
  const found = window.indexOf(byte);
  const nul = window.indexOf(NUL);
  return nul >= 0 && nul < found ? -1 : found;
}

function c_string(window: Bytes, start: number, end: number): string {
  const bytes = window.subarray(start, end);
  const nul = bytes.indexOf(NUL);
  return decode(nul < 0 ? bytes : bytes.subarray(0, nul));
}
