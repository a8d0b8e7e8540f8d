/** readelf: displays ELF files. Follows binutils 2.40. */
import { ENOENT, type Errno, IS_ERR } from '../../uapi/errno.ts';
import { O_RDONLY } from '../../uapi/fcntl.ts';
import { S_ISREG } from '../../uapi/stat.ts';
import { ElfFile, isElf } from '../elf/elf_file.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { UsageError } from '../lib/error.ts';
import { readAll } from '../lib/stdio.ts';
import { report, type Wanted } from '../readelf/report.ts';

const USAGE = `Usage: readelf <option(s)> elf-file(s)
 Display information about the contents of ELF format files
`;

export const main = command(
  {
    name: 'readelf',
    usage: ['<option(s)> elf-file(s)'],
    summary: ' Display information about the contents of ELF format files',
    follows: 'GNU Binutils 2.40',
    shortName: true,
    hint: () => USAGE,
    options: [
      ['-a, --all', 'equivalent to: -h -l -S -s -r -d -V -A -I'],
      ['-h, --file-header', 'display the ELF file header'],
      ['-l, --program-headers, --segments', 'display the program headers'],
      ['-S, --section-headers, --sections', "display the sections' header"],
      ['-g, --section-groups', 'display the section groups'],
      ['-e, --headers', 'equivalent to: -h -l -S'],
      ['-s, --syms, --symbols', 'display the symbol table'],
      ['--dyn-syms', 'display the dynamic symbol table'],
      ['-n, --notes', 'display the notes'],
      ['-r, --relocs', 'display the relocations'],
      ['-u, --unwind', 'display the unwind info'],
      ['-d, --dynamic', 'display the dynamic section'],
      ['-V, --version-info', 'display the version sections'],
      ['-A, --arch-specific', 'display architecture specific information'],
      ['-x, --hex-dump=SECTION', 'dump the contents of a section as bytes'],
      ['-p, --string-dump=SECTION', 'dump the contents of a section as strings'],
      ['-I, --histogram', 'display histogram of bucket list lengths'],
      ['-W, --wide', 'allow output width to exceed 80 characters'],
      ['-H', 'show this text and exit'],
      ['-v', 'show the version and exit'],
    ],
  },
  async (io, options, files) => {
    if (options.has('H')) return await usage(io, 0);
    if (options.has('v')) {
      io.stdout.put('GNU readelf (GNU Binutils for Debian) 2.40, modelled in binfmt-lab\n');
      return 0;
    }
    const wanted = wantedParts(options);
    if (wanted.parts.size === 0 && wanted.dumps.length === 0) return await nothingToDo(io, files.length > 0);
    if (files.length === 0) {
      await io.warn('Warning: Nothing to do.');
      throw new UsageError('');
    }
    let failed = false;
    for (const file of files) failed = !(await display(io, file, wanted, files.length > 1)) || failed;
    return failed ? 1 : 0;
  },
);

async function usage(io: Io, status: number): Promise<number> {
  io.stdout.put(USAGE);
  return status;
}

async function nothingToDo(io: Io, files: boolean): Promise<number> {
  if (files) await io.warn('Warning: Nothing to do.');
  await io.complain(USAGE);
  return 1;
}

const GROUPS: Readonly<Record<string, string>> = { a: 'hlSsrudVAgnI', e: 'hlS', 'dyn-syms': 'D' };

function wantedParts(options: Options): Wanted {
  const parts = new Set<string>();
  const dumps: { how: 'x' | 'p'; section: string }[] = [];
  for (const { key, value } of options.list) {
    if (key === 'x' || key === 'p') dumps.push({ how: key, section: value ?? '' });
    else if (key !== 'W') for (const part of GROUPS[key] ?? key) parts.add(part);
  }
  return { parts, wide: options.has('W'), dumps };
}

async function display(io: Io, name: string, wanted: Wanted, several: boolean): Promise<boolean> {
  const elf = await open(io, name);
  if (typeof elf === 'string') {
    await io.warn(`Error: ${elf}`);
    return false;
  }
  if (several) io.stdout.put(`\nFile: ${name}\n`);
  const { text, complaints, failed } = report(elf, wanted);
  for (const complaint of complaints) await io.warn(complaint);
  await io.stdout.write(text);
  return !failed;
}

/** The file, or what is wrong with it. */
async function open(io: Io, name: string): Promise<ElfFile | string> {
  const st = io.sys.stat(name);
  if (IS_ERR(st)) return st === ENOENT ? `'${name}': No such file` : couldNot(name, st);
  if (!S_ISREG(st.st_mode)) return `'${name}' is not an ordinary file`;
  const fd = await io.sys.open(name, O_RDONLY);
  if (IS_ERR(fd)) return `Input file '${name}' is not readable.`;
  const bytes = await readAll(io.sys, fd);
  io.sys.close(fd);
  if (IS_ERR(bytes)) return couldNot(name, bytes);
  if (bytes.length < 8) return `${name}: Failed to read file's magic number`;
  if (!isElf(bytes) && bytes.length >= 16) return 'Not an ELF file - it has the wrong magic bytes at the start';
  return ElfFile.parse(bytes) ?? `${name}: Failed to read file header`;
}

function couldNot(name: string, error: Errno): string {
  return `Could not locate '${name}'.  System error message: ${error.message}`;
}
