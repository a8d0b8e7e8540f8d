/**
 * Runs files by the rules of binfmt_misc. Follows the executing half of fs/binfmt_misc.c; the files by which rules come and go are in
 * binfmt_misc.ts, the language of the rules in binfmt_misc_entry.ts. Rules M1–M14 of docs/linux-exec.md.
 */
import { decode, encode, hex } from '../../uapi/bytes.ts';
import { ENOENT, ENOEXEC, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import type { BinfmtMiscTest } from '../../uapi/trace.ts';
import type { LinuxBinfmt, LinuxBinprm } from '../include/binfmts.ts';
import type { OpenFile } from '../include/fs.ts';
import type { Task, UserNamespace } from '../include/sched.ts';
import { emit, tracing } from '../kernel/trace.ts';
import { type BinfmtMisc, new_binfmt_misc } from './binfmt_misc.ts';
import { type MiscMatch, magic_differs_at, name_extension } from './binfmt_misc_entry.ts';
import { type BinfmtMiscEntry, matches } from './binfmt_misc_list.ts';
import { because, bprm_change_interp, copy_string_kernel, deny_exe_writers, open_exec, remove_arg_zero } from './exec.ts';
import { dentry_open } from './open.ts';

export const misc_format: LinuxBinfmt = {
  name: 'misc',
  load_binary: load_misc_binary,
  would_take(bprm) {
    const entry = find_handler(load_binfmt_misc(bprm.task), bprm);
    return entry === undefined ? null : `its rule ${entry.name} hands it to ${entry.interpreter}`;
  },
};

/**
 * The first rule that matches turns the file into an argument of its interpreter.
 * @linux fs/binfmt_misc.c load_misc_binary #Y
 */
function load_misc_binary(bprm: LinuxBinprm): Status {
  const misc = load_binfmt_misc(bprm.task);
  if (!misc.enabled) return because(bprm, 'M1', 'binfmt_misc is switched off: its status is disabled', ENOEXEC);
  const entry = get_binfmt_handler(misc, bprm);
  if (entry === undefined) return because(bprm, 'M2', no_match(misc), ENOEXEC);
  if (bprm.interp_flags_inaccessible) {
    return because(bprm, 'X8', 'the interpreter could not open the file: its descriptor closes on exec', ENOENT);
  }

  if (entry.flags.has('P')) bprm.preserve_argv0 = true;
  else remove_arg_zero(bprm);
  if (entry.flags.has('O')) bprm.have_execfd = true;
  const interpreter = kept_path(entry.interpreter, bprm.task.kernel.version.max_interpreter);
  const pushed = copy_string_kernel(bprm, bprm.interp) || copy_string_kernel(bprm, interpreter);
  if (pushed !== 0) return because(bprm, 'X3', 'the pushed strings do not fit', pushed);
  bprm_change_interp(bprm, interpreter);

  const file = open_interpreter(bprm, entry, interpreter);
  if (IS_ERR(file)) return because(bprm, 'M14', `the interpreter ${interpreter} cannot be opened`, file);
  bprm.interpreter = file;
  if (entry.flags.has('C')) bprm.execfd_creds = true;
  bprm.rewritten_by = { entry: entry.name, flags: [...entry.flags].join(''), pinned: entry.interp_file !== null };
  return because(bprm, 'M7', `rule ${entry.name} matches`, 0);
}

function no_match({ entries: { size } }: BinfmtMisc): string {
  if (size === 0) return 'no rule is registered';
  return size === 1 ? 'the only rule does not match' : `none of ${size} rules matches`;
}

/** Without F the interpreter is looked up now, from where the caller stands; with F it was opened long ago (M11, M12). */
function open_interpreter(bprm: LinuxBinprm, entry: BinfmtMiscEntry, name: string): OpenFile | Errno {
  if (entry.interp_file === null) return open_exec(bprm.task, name, bprm.depth + 1);
  const { f_path, f_flags } = entry.interp_file;
  const file = dentry_open(bprm.task, f_path, f_flags);
  if (IS_ERR(file)) return file;
  deny_exe_writers(file);
  return file;
}

/** Old kernels kept a path of limited length (R11). */
function kept_path(path: string, max: number | null): string {
  return max === null ? path : decode(encode(path).subarray(0, max));
}

/**
 * The table that counts for `task`: that of the nearest user namespace upwards that ever had one (N5).
 * @linux fs/binfmt_misc.c load_binfmt_misc #Y
 */
export function load_binfmt_misc(task: Task): BinfmtMisc {
  const { init_user_ns, version } = task.kernel;
  let ns: UserNamespace | null = version.instances === 'one' ? init_user_ns : task.cred.user_ns;
  while (ns !== null && ns.binfmt_misc === null) ns = ns.parent;
  return ns?.binfmt_misc ?? EMPTY;
}

/** For a kernel that never made its first table. */
const EMPTY: BinfmtMisc = new_binfmt_misc();

/**
 * Newest first; the first enabled entry that matches decides, whatever its type (M2).
 * @linux fs/binfmt_misc.c get_binfmt_handler #Y
 */
function get_binfmt_handler(misc: BinfmtMisc, bprm: LinuxBinprm): BinfmtMiscEntry | undefined {
  if (!tracing(bprm.task)) return find_handler(misc, bprm);
  return misc.entries.newest_first().find((entry) => tell_entry(bprm, entry));
}

function find_handler(misc: BinfmtMisc, bprm: LinuxBinprm): BinfmtMiscEntry | undefined {
  return misc.enabled ? misc.entries.search(bprm.buf, bprm.interp) : undefined;
}

/** As the test of `matches`, aloud. */
function tell_entry(bprm: LinuxBinprm, entry: BinfmtMiscEntry): boolean {
  const matched = entry.enabled && matches(entry, bprm.buf, bprm.interp);
  const said = { level: bprm.depth, entry: entry.name, test: test_of(entry.match), enabled: entry.enabled, matched };
  emit(bprm.task, { ev: 'binfmt_misc_entry', ...said, ...explain(bprm, entry, matched) });
  return matched;
}

/** Told again and again, so made once: a rule never changes. */
const tests = new WeakMap<MiscMatch, BinfmtMiscTest>();

function test_of(match: MiscMatch): BinfmtMiscTest {
  const known = tests.get(match);
  if (known !== undefined) return known;
  const test: BinfmtMiscTest =
    match.kind === 'extension'
      ? { extension: match.extension }
      : { offset: match.offset, magic: hex(match.magic), mask: match.mask && hex(match.mask) };
  tests.set(match, test);
  return test;
}

function explain(bprm: LinuxBinprm, entry: BinfmtMiscEntry, matched: boolean): { why: string; rule: string; differs_at?: number } {
  const { match } = entry;
  if (!entry.enabled) return { why: 'the rule is disabled', rule: 'M2' };
  if (match.kind === 'extension') {
    const found = name_extension(bprm.interp);
    const has = found === null ? 'has no dot' : `has the extension ${found}`;
    return { why: matched ? `the name ends in .${match.extension}` : `the name ${has}, the rule wants ${match.extension}`, rule: 'M5' };
  }
  if (matched) return { why: `the bytes from ${match.offset} on are those of the magic`, rule: 'M3' };
  const differs_at = magic_differs_at(match, bprm.buf);
  const i = differs_at - match.offset;
  const byte = (bytes: Uint8Array, at: number): string => (bytes[at] ?? 0).toString(16).padStart(2, '0');
  const mask = match.mask === null ? '' : ` under mask ${byte(match.mask, i)}`;
  return {
    why: `byte ${differs_at} is ${byte(bprm.buf, differs_at)}, the rule wants ${byte(match.magic, i)}${mask}`,
    rule: 'M3',
    differs_at,
  };
}
