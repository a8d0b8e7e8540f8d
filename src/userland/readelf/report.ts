/** One file's report: the parts asked for, in readelf's order, and its complaints. */
import type { ElfFile, SectionHeader } from '../elf/elf_file.ts';
import { dynamicText, hexDump, histogramText, notesText, stringDump, symbolsText } from './dynamic.ts';
import { headerText } from './header.ts';
import { machineName } from './machines.ts';
import { sectionsText, segmentsText, unwindText } from './tables.ts';

/** Letters of the options: h l S s d n r u V A g I, "D" for --dyn-syms, W. */
export interface Wanted {
  readonly parts: ReadonlySet<string>;
  readonly wide: boolean;
  /** -x and -p in order. */
  readonly dumps: readonly { readonly how: 'x' | 'p'; readonly section: string }[];
}

export interface Report {
  readonly text: string;
  /** Lines of standard error, without "readelf: ". */
  readonly complaints: readonly string[];
  readonly failed: boolean;
}

export function report(elf: ElfFile, wanted: Wanted): Report {
  const { parts, wide } = wanted;
  const complaints = truncation(elf);
  const out: string[] = [];
  let failed = false;
  const put = (part: string, text: () => string): void => {
    if (parts.has(part)) out.push(text());
  };
  put('h', () => headerText(elf));
  put('S', () => sectionsText(elf, wide, !parts.has('h')));
  put('g', () =>
    elf.sections.length === 0 ? '\nThere are no sections to group in this file.\n' : '\nThere are no section groups in this file.\n',
  );
  put('l', () => segmentsText(elf, wide, !parts.has('h')));
  put('d', () => dynamicText(elf));
  put('r', () => '\nThere are no relocations in this file.\n');
  put('u', () => unwindText(elf, machineName(elf.header.machine)));
  if (parts.has('s') || parts.has('D')) out.push(symbolsText(elf, wide, !parts.has('s')) ?? '');
  put('I', () => histogramText(elf));
  put('V', () => '\nNo version information found in this file.\n');
  put('n', () => notesText(elf, wide));
  for (const dump of wanted.dumps) {
    const section = find(elf, dump.section);
    if (section) out.push(dump.how === 'x' ? hexDump(elf, section) : stringDump(elf, section));
    else complaints.push(missing(dump.section));
  }
  for (const lacking of undecoded(elf, parts)) {
    complaints.push(`Error: ${lacking} are not decoded in the lab`);
    failed = true;
  }
  return { text: out.join(''), complaints, failed };
}

function truncation(elf: ElfFile): string[] {
  const { shnum, shentsize, shoff, phnum } = elf.header;
  const out: string[] = [];
  if (shoff !== 0 && elf.sections.length < shnum)
    out.push(`Error: Reading ${shnum * shentsize} bytes extends past end of file for section headers`);
  if (elf.segments.length < phnum) out.push(`Error: Too many program headers - 0x${phnum.toString(16)} - the file is not that big`);
  return out;
}

function find(elf: ElfFile, name: string): SectionHeader | undefined {
  return elf.sections.find((s) => s.name === name) ?? (/^\d+$/.test(name) ? elf.sections[Number(name)] : undefined);
}

function missing(name: string): string {
  if (/^\d+$/.test(name)) return `Warning: Section ${name} was not dumped because it does not exist!`;
  return `Warning: Section '${name}' was not dumped because it does not exist`;
}

/** Parts that this file has and that are not decoded here. */
function undecoded(elf: ElfFile, parts: ReadonlySet<string>): string[] {
  const has = (...types: number[]): boolean => elf.sections.some((s) => types.includes(s.type) && s.size > 0);
  const out: string[] = [];
  if (parts.has('r') && has(4, 9, 19)) out.push('relocations');
  if ((parts.has('s') || parts.has('D')) && has(0x6fffffff)) out.push('symbols with versions');
  if (parts.has('V') && has(0x6ffffffd, 0x6ffffffe, 0x6fffffff)) out.push('version sections');
  if (parts.has('A') && has(0x70000003, 0x7000002a, 0x6ffffff5)) out.push('attribute sections');
  if (parts.has('I') && elf.sections.some((x) => x.type === 0x6ffffff6 && x.size > 0x24)) out.push('histograms of .gnu.hash');
  if (parts.has('g') && has(17)) out.push('section groups');
  return out;
}
