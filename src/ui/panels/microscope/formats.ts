/** The binary formats: their names, where Linux has them, and which bytes of the window each one decided by. */
import { ELFMAG } from '../../../uapi/elf.ts';
import type { BinfmtProbe } from '../../../uapi/trace.ts';
import { against, type Cell, fieldCells, hexBytes, literalCells } from './bytes.ts';
import type { Prose } from './model.ts';

interface Format {
  readonly title: string;
  readonly where: string;
}

const FORMATS: Readonly<Record<string, Format>> = {
  elf: { title: 'ELF', where: 'fs/binfmt_elf.c load_elf_binary' },
  compat_elf: { title: '32-bit ELF', where: 'fs/compat_binfmt_elf.c load_elf_binary' },
  script: { title: '#!', where: 'fs/binfmt_script.c load_script' },
  misc: { title: 'binfmt_misc', where: 'fs/binfmt_misc.c load_misc_binary' },
};

export const format = (name: string): Format => FORMATS[name] ?? { title: name, where: 'fs/exec.c search_binary_handler' };

const HASH_BANG = [0x23, 0x21];
const NEWLINE = 0x0a;

/** The bytes that ELF or script decided by; nothing for binfmt_misc, whose rules are laid over one by one. */
export function formatCells(probe: BinfmtProbe, window: Uint8Array): readonly Cell[] {
  if (probe.fmt === 'script') return scriptCells(probe, window);
  return probe.fmt === 'misc' ? [] : elfCells(probe, window);
}

function scriptCells({ rule }: BinfmtProbe, window: Uint8Array): readonly Cell[] {
  const magic = literalCells(window, 0, HASH_BANG);
  if (rule === 'S1') return magic;
  const newline = window.indexOf(NEWLINE);
  const nul = window.indexOf(0);
  const end = newline >= 0 ? newline : nul >= 0 ? nul : window.length;
  return [...magic, ...fieldCells(2, Math.max(2, end), rule === 'S2' || rule === 'S6' ? 'differs' : 'match')];
}

/** A field of the header, in the order in which it is looked at: the rule that judges it, its bytes with 64 and with 32 bits. */
type Field = readonly [rule: string, name: string, wide: readonly [from: number, to: number], narrow: readonly [from: number, to: number]];
const FIELDS: readonly Field[] = [
  ['E1', 'the magic', [0, 4], [0, 4]],
  ['E2', 'e_type', [16, 18], [16, 18]],
  ['E4', 'e_machine', [18, 20], [18, 20]],
  ['E6', 'e_phentsize', [54, 56], [42, 44]],
  ['E7', 'e_phnum', [56, 58], [44, 46]],
  ['E8', 'e_phoff', [32, 40], [28, 32]],
];

function elfCells(probe: BinfmtProbe, window: Uint8Array): readonly Cell[] {
  const decided = FIELDS.findIndex(([rule]) => rule === probe.rule);
  const looked = decided < 0 ? FIELDS : FIELDS.slice(0, decided + 1);
  return looked
    .flatMap((field, i) =>
      i === 0 ? literalCells(window, 0, ELFMAG) : fieldCells(...span(field, probe, window), i === decided ? 'differs' : 'match'),
    )
    .sort((a, b) => a.at - b.at);
}

/** A header whose program headers have 56 bytes each is one of 64 bits. */
function span([, , wide, narrow]: Field, { fmt, why }: BinfmtProbe, window: Uint8Array): readonly [number, number] {
  const is_wide = fmt === 'elf' && (window[54] === 56 || why.endsWith('not 56'));
  return is_wide ? wide : narrow;
}

/** Why it passed, with the bytes: "bytes 0–3 are 1b 4c 75 61, not 7f 45 4c 46". */
export function decidedBy(probe: BinfmtProbe, window: Uint8Array, cells: readonly Cell[]): Prose {
  const magic = MAGIC[probe.rule];
  if (magic !== undefined) {
    const wanted = hexBytes(Uint8Array.from(magic));
    return [`bytes 0–${magic.length - 1} are `, { code: hexBytes(window, 0, magic.length) }, ', not ', { code: wanted }];
  }
  const range = against(cells);
  const field = FIELDS.find(([rule]) => rule === probe.rule);
  if (range === null || field === undefined) return [probe.why];
  return [`bytes ${range.from}–${range.to - 1}, ${field[1]}, are `, { code: hexBytes(window, range.from, range.to) }, `: ${probe.why}`];
}

const MAGIC: Readonly<Record<string, readonly number[]>> = { E1: ELFMAG, S1: HASH_BANG };
