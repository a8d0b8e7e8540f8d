/** Warnings about which files a rule takes: too many, none, or the wrong ones. */

import type { MiscMatch } from '../kernel/fs/binfmt_misc_entry.ts';
import type { KernelVersion } from '../kernel/init/version.ts';
import { latin1 } from '../uapi/bytes.ts';
import { hostPrograms, machineName } from './elf.ts';
import { type File, matches } from './predict.ts';
import type { AcceptedContext, EntryRow } from './warnings.ts';
import { field } from './warnings-line.ts';

const SCRIPT: File = { name: '/root/script', bytes: window('#!/bin/sh\n') };

export const TARGET_ROWS: readonly EntryRow[] = [
  {
    id: 'matches-everything',
    rule: 'M3',
    severity: 'danger',
    fix: 'set at least one bit of the mask',
    says({ entry, version }) {
      if (!comparesNothing(entry.match)) return null;
      const every = 'The mask leaves no bit to compare: the rule matches every file, its own interpreter too.';
      if (first(version, 'elf')) return `${every} Every execve answers ELOOP, or ENOENT if ${entry.interpreter} is missing.`;
      return {
        sentence: `${every} ELF and #! are asked first here and keep theirs; current Linux asks binfmt_misc first, and every execve answers ELOOP.`,
        severity: 'danger',
      };
    },
  },
  {
    id: 'matches-host-elf',
    rule: 'M4',
    severity: 'danger',
    fix: 'let the magic reach bytes 18 and 19 (e_machine) and name another CPU there, with a mask that compares them',
    says(c) {
      if (comparesNothing(c.entry.match) || !takesHostPrograms(c)) return null;
      const host = c.facts.host ?? 'x86_64';
      if (first(c.version, 'elf')) {
        return `It matches this machine's own programs (${host}), and so its interpreter: every program, cat and ls too, fails with ELOOP, or with ENOENT if ${c.entry.interpreter} is missing. Only the shell's builtins could take it back.`;
      }
      return {
        sentence: `It matches this machine's own programs (${host}). This kernel asks ELF first, so the rule never sees them. Current Linux asks binfmt_misc first: there every program would fail with ELOOP.`,
        severity: 'careful',
      };
    },
  },
  {
    id: 'matches-scripts',
    rule: 'M6',
    severity: 'careful',
    fix: 'let the magic hold more of the first line than #!',
    says({ entry, version }) {
      if (comparesNothing(entry.match) || entry.match.kind !== 'magic' || !matches(entry.match, SCRIPT, version.BINPRM_BUF_SIZE))
        return null;
      return first(version, 'script')
        ? `It takes every #!/bin/sh script: binfmt_misc is asked before #!, and ${entry.interpreter} gets them.`
        : '#! is asked first here, so scripts never reach this rule. Current Linux asks binfmt_misc first: there it takes every #!/bin/sh script.';
    },
  },
  {
    id: 'extension-with-dot',
    rule: 'M5',
    severity: 'danger',
    fix: 'write what follows the last dot of a name, without the dot',
    says({ entry: { match } }) {
      if (match.kind !== 'extension' || !match.extension.includes('.')) return null;
      return `No file can match: only what follows the last dot is compared, and "${match.extension}" has a dot in it.`;
    },
  },
  {
    id: 'extension-ignores-content',
    rule: 'M5',
    severity: 'note',
    fix: 'use type M if the content should decide',
    says({ entry: { match } }) {
      if (match.kind !== 'extension') return null;
      return `The name alone decides: any executable file whose name ends in .${match.extension} is taken, whatever it holds. Capital letters count.`;
    },
  },
  {
    id: 'fields-ignored',
    rule: 'R10',
    severity: 'note',
    fix: 'leave the field empty: type E does not look at it',
    says(c) {
      if (c.entry.match.kind !== 'extension') return null;
      const ignored = (['offset', 'mask'] as const).filter((role) => field(c, role) !== '');
      return ignored.length === 0 ? null : `Type E does not look at ${ignored.join(' and ')}.`;
    },
  },
  {
    id: 'window-of-old-kernels',
    rule: 'R9',
    severity: 'note',
    fix: 'keep offset and magic within the first 128 bytes if the rule is for old kernels too',
    says({ entry: { match }, version }) {
      if (match.kind !== 'magic' || version.BINPRM_BUF_SIZE <= 128 || match.offset + match.magic.length <= 128) return null;
      return 'Kernels before 5.1 look at 128 bytes only and refuse this line.';
    },
  },
  {
    id: 'bits-outside-mask',
    rule: 'M3',
    severity: 'note',
    fix: 'write 0 in the magic where the mask has 0',
    says({ entry: { match } }) {
      if (match.kind !== 'magic' || match.mask === null || comparesNothing(match)) return null;
      const { magic, mask } = match;
      const at = [...magic].findIndex((byte, i) => (byte & ~(mask[i] ?? 0xff) & 0xff) !== 0);
      return at < 0 ? null : `Byte ${at} of the magic has bits that the mask leaves out: they are never compared.`;
    },
  },
  {
    id: 'foreign-elf-without-F',
    rule: 'M11',
    severity: 'note',
    fix: 'add F, with a statically linked interpreter, if the rule is meant for containers',
    says({ entry, facts }) {
      if (entry.flags.has('F') || entry.match.kind !== 'magic' || !isElfMagic(entry.match) || entry.match.magic.length < 20) return null;
      if (facts.host !== undefined && hostPrograms(facts.host).some((bytes) => matches(entry.match, { name: '', bytes }, 256))) return null;
      return `Without F, ${entry.interpreter} is looked up in the root of whoever runs a ${machineName(entry.match.magic)} file: a container that lacks it gets ENOENT.`;
    },
  },
];

/** Whether binfmt_misc is asked before that format. */
const first = (version: KernelVersion, format: 'elf' | 'script'): boolean =>
  version.formats.indexOf('misc') < version.formats.indexOf(format);

function comparesNothing(match: MiscMatch): boolean {
  return match.kind === 'magic' && match.mask !== null && match.mask.every((b) => b === 0);
}

/** Whether the host's own programs match, and so in all likelihood the interpreter. */
export function takesHostPrograms({ entry, facts, version }: AcceptedContext): boolean {
  if (entry.match.kind !== 'magic') return false;
  return hostPrograms(facts.host ?? 'x86_64').some((bytes) => matches(entry.match, { name: '', bytes }, version.BINPRM_BUF_SIZE));
}

function isElfMagic(match: MiscMatch & { kind: 'magic' }): boolean {
  return match.offset === 0 && latin1(match.magic.subarray(0, 4)) === '\x7fELF';
}

function window(text: string): Uint8Array {
  const bytes = new Uint8Array(256);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
