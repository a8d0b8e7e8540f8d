/**
 * Runs ELF files: the machine's own, and through the compat format those of its 32-bit predecessor.
 * Follows fs/binfmt_elf.c and fs/compat_binfmt_elf.c. Rules E0–E17 of docs/linux-exec.md.
 */
import type { Auxv } from '../../uapi/auxv.ts';
import { AT_FLAGS_PRESERVE_ARGV0 } from '../../uapi/auxv.ts';
import { decode } from '../../uapi/bytes.ts';
import { ELFMAG, ET_DYN, ET_EXEC, PT_INTERP } from '../../uapi/elf.ts';
import { EINVAL, EIO, ELIBBAD, ENOEXEC, type Errno, IS_ERR, type Status } from '../../uapi/errno.ts';
import { SIGKILL, SIGSEGV } from '../../uapi/signal.ts';
import type { Bytes } from '../../uapi/types.ts';
import { ELF_LOADERS, type ElfAbi } from '../arch/elf.ts';
import type { LinuxBinfmt, LinuxBinprm } from '../include/binfmts.ts';
import type { ElfFile, ElfHdr, ElfPhdr } from '../include/elf.ts';
import type { OpenFile } from '../include/fs.ts';
import type { Kernel, Task } from '../include/sched.ts';
import { from_kgid_munged, from_kuid_munged } from '../kernel/user_namespace.ts';
import { interp_bias, load_bias, load_segments, phdr_addr, program_entry } from './binfmt_elf_map.ts';
import { entry_applet } from './binfmt_elf_note.ts';
import { because, begin_new_exec, do_close_execat, open_exec, set_mm_exe_file } from './exec.ts';
import { kernel_read } from './read_write.ts';

const PATH_MAX = 4096;
const PAGE_SIZE = 4096;
const CLOCKS_PER_SEC = 100;

export const elf_format: LinuxBinfmt = elf_loader('elf', 'native', 'it runs as a program of this machine');
export const compat_elf_format: LinuxBinfmt = elf_loader('compat_elf', 'compat', 'it runs as a 32-bit program of this machine');

function elf_loader(name: LinuxBinfmt['name'], which: 'native' | 'compat', does: string): LinuxBinfmt {
  const abi_of = (kernel: Kernel): ElfAbi | null => ELF_LOADERS[kernel.host][which];
  return {
    name,
    load_binary: (bprm) => {
      const abi = abi_of(bprm.task.kernel);
      return abi === null ? because(bprm, 'E0', 'this machine has no 32-bit loader', ENOEXEC) : load_elf_binary(bprm, abi);
    },
    would_take: (bprm) => {
      const abi = abi_of(bprm.task.kernel);
      return abi === null || is_refusal(read_program(bprm, abi)) ? null : does;
    },
  };
}

/** A test that failed: the errno, and why, for those who watch. */
interface Refusal {
  readonly errno: Errno;
  readonly rule: string;
  readonly why: string;
}
const refusal = (errno: Errno, rule: string, why: string): Refusal => ({ errno, rule, why });
const is_refusal = (value: object | null): value is Refusal => value !== null && 'errno' in value;

/**
 * Checks the program and its PT_INTERP; then there is no way back, and what is still wrong kills the process.
 * @linux fs/binfmt_elf.c load_elf_binary #P[no PT_GNU_PROPERTY, which arm64 checks; no FDPIC]
 */
function load_elf_binary(bprm: LinuxBinprm, abi: ElfAbi): Status {
  const program = read_program(bprm, abi);
  if (is_refusal(program)) return because(bprm, program.rule, program.why, program.errno);
  const interp = open_interpreter(bprm, program, abi);
  if (is_refusal(interp)) return because(bprm, interp.rule, interp.why, interp.errno);

  const failed = begin_new_exec(bprm);
  const late = bprm.task.kernel.version.late_failure === 'SIGSEGV' ? SIGSEGV : SIGKILL;
  const fatal_signal = failed !== 0 ? late : program_entry(load_segments(program, interp, abi), abi, late);
  start_thread(bprm, program, interp, abi, fatal_signal);
  if (interp !== null) do_close_execat(interp.file);
  return because(bprm, 'E15', describe_start(abi, interp, fatal_signal), 0);
}

function describe_start(abi: ElfAbi, interp: ElfFile | null, fatal_signal: number): string {
  if (fatal_signal !== 0) return 'the headers are good, so the old program is gone; the new one cannot live and is killed';
  return `headers good for ${abi.takes}${interp === null ? '' : '; started through its PT_INTERP'}`;
}

// Headers

/** The main program: E1–E8, each failing with ENOEXEC. The header is read from the window. */
function read_program(bprm: LinuxBinprm, abi: ElfAbi): ElfFile | Refusal {
  const ehdr = abi.layout.read_ehdr(bprm.buf);
  if (!has_magic(bprm.buf)) return refusal(ENOEXEC, 'E1', 'the file does not start with 7f 45 4c 46');
  if (ehdr.e_type !== ET_EXEC && ehdr.e_type !== ET_DYN) return refusal(ENOEXEC, 'E2', `e_type is ${ehdr.e_type}: no program`);
  if (!abi.elf_check_arch(ehdr, bprm.buf)) return refusal(ENOEXEC, 'E4', `e_machine is ${ehdr.e_machine}: this loader takes ${abi.takes}`);
  const phdrs = load_elf_phdrs(bprm.task, bprm.file, ehdr, abi, bprm.task.kernel.version.max_phdr_bytes);
  return is_refusal(phdrs) ? phdrs : { file: bprm.file, ehdr, phdrs };
}

const [E, L, F, G] = ELFMAG;
const has_magic = (bytes: Bytes): boolean => bytes[0] === E && bytes[1] === L && bytes[2] === F && bytes[3] === G;

/**
 * The program header table (E6–E8).
 * @linux fs/binfmt_elf.c load_elf_phdrs #Y
 */
function load_elf_phdrs(task: Task, file: OpenFile, ehdr: ElfHdr, { layout }: ElfAbi, most: number): readonly ElfPhdr[] | Refusal {
  const { phdrs_unreadable } = task.kernel.version;
  const { e_phentsize, e_phnum, e_phoff } = ehdr;
  if (e_phentsize !== layout.phdr_size) {
    return refusal(ENOEXEC, 'E6', `e_phentsize is ${e_phentsize}, not ${layout.phdr_size}`);
  }
  const size = e_phnum * e_phentsize;
  if (size === 0 || size > most) return refusal(ENOEXEC, 'E7', `${e_phnum} program headers: none, or too many`);
  const table = elf_read(file, e_phoff, size);
  if (IS_ERR(table)) {
    return refusal(
      phdrs_unreadable === 'EIO' ? EIO : ENOEXEC,
      'E8',
      'the program headers lie, in part at least, beyond the end of the file',
    );
  }
  const phdrs: ElfPhdr[] = [];
  for (let i = 0; i < e_phnum; i++) phdrs.push(layout.read_phdr(table, i * e_phentsize));
  return phdrs;
}

/**
 * Exactly `count` bytes, or EIO; EINVAL for a position that is negative to the kernel.
 * @linux fs/binfmt_elf.c elf_read #Y
 */
function elf_read(file: OpenFile, pos: number, count: number): Bytes | Errno {
  if (pos >= 2 ** 63) return EINVAL;
  const bytes = pos >= file.f_inode.i_size ? new Uint8Array(0) : kernel_read(file, pos, count);
  if (IS_ERR(bytes)) return bytes;
  return bytes.length === count ? bytes : EIO;
}

// The interpreter

/** The first PT_INTERP, opened and its headers checked (E9–E12); null if the program has none. */
function open_interpreter(bprm: LinuxBinprm, program: ElfFile, abi: ElfAbi): ElfFile | Refusal | null {
  const phdr = program.phdrs.find((p) => p.p_type === PT_INTERP);
  if (phdr === undefined) return null;
  const name = interpreter_name(bprm, phdr);
  if (typeof name !== 'string') return name;
  const file = open_exec(bprm.task, name, bprm.depth);
  if (IS_ERR(file)) return refusal(file, 'E10', `the ELF interpreter ${name} cannot be opened: ${file.message}`);
  const interp = read_interpreter(bprm.task, file, abi);
  if (is_refusal(interp)) do_close_execat(file);
  return interp;
}

function interpreter_name(bprm: LinuxBinprm, { p_filesz, p_offset }: ElfPhdr): string | Refusal {
  if (p_filesz > PATH_MAX || p_filesz < 2) return refusal(ENOEXEC, 'E9', `PT_INTERP has ${p_filesz} bytes: no path is that long`);
  const bytes = elf_read(bprm.file, p_offset, p_filesz);
  if (IS_ERR(bytes)) return refusal(bytes, 'E9', 'PT_INTERP lies beyond the end of the file');
  if (bytes.at(-1) !== 0) return refusal(ENOEXEC, 'E9', 'PT_INTERP does not end in a zero byte');
  return decode(bytes.subarray(0, bytes.indexOf(0)));
}

/** Without headers it cannot be mapped: kernels that read them only then kill the process. */
function read_interpreter(task: Task, file: OpenFile, abi: ElfAbi): ElfFile | Refusal {
  const { version } = task.kernel;
  const needed = version.elf_interp_needs === 'a window' ? version.BINPRM_BUF_SIZE : abi.layout.ehdr_size;
  const header = elf_read(file, 0, needed);
  if (IS_ERR(header)) return refusal(header, 'E11', 'the ELF interpreter is too short to hold an ELF header');
  const ehdr = abi.layout.read_ehdr(header);
  if (!has_magic(header)) return refusal(ELIBBAD, 'E12', 'the ELF interpreter is no ELF file');
  if (!abi.elf_check_arch(ehdr, header)) return refusal(ELIBBAD, 'E12', `the ELF interpreter is for e_machine ${ehdr.e_machine}`);
  const phdrs = load_elf_phdrs(task, file, ehdr, abi, version.max_interp_phdr_bytes);
  if (!is_refusal(phdrs)) return { file, ehdr, phdrs };
  if (version.elf_interp_phdrs === 'read too late') return { file, ehdr, phdrs: [] };
  return refusal(ELIBBAD, 'E12', `the ELF interpreter is broken: ${phdrs.why}`);
}

// The new program

/**
 * Installs the image; the caller of execve will run it.
 * @linux fs/binfmt_elf.c START_THREAD #N[programs are applets named by a note, or fed to the CPU engine]
 */
function start_thread(bprm: LinuxBinprm, program: ElfFile, interp: ElfFile | null, abi: ElfAbi, fatal_signal: number): void {
  const { task, argv, envp } = bprm;
  bprm.image = {
    exe: set_mm_exe_file(bprm.file),
    argv: [...argv],
    envp: [...envp],
    auxv: create_elf_tables(bprm, program, interp, abi),
    applet: entry_applet(bprm, program, interp),
    fatal_signal,
    guest: null,
  };
  task.image = bprm.image;
}

/**
 * The auxiliary vector.
 * @linux fs/binfmt_elf.c create_elf_tables #P[no vDSO, random bytes or processor's capabilities]
 */
function create_elf_tables(bprm: LinuxBinprm, program: ElfFile, interp: ElfFile | null, abi: ElfAbi): Auxv {
  const { cred, kernel } = bprm.task;
  const { ehdr } = program;
  const bias = load_bias(program, abi);
  const argv0_kept = bprm.preserve_argv0 && kernel.version.at_flags_preserve_argv0;
  return {
    AT_EXECFN: bprm.filename,
    ...(bprm.execfd === null ? {} : { AT_EXECFD: bprm.execfd }),
    AT_FLAGS: argv0_kept ? AT_FLAGS_PRESERVE_ARGV0 : 0,
    AT_SECURE: bprm.secureexec ? 1 : 0,
    AT_UID: from_kuid_munged(cred.user_ns, cred.uid),
    AT_EUID: from_kuid_munged(cred.user_ns, cred.euid),
    AT_GID: from_kgid_munged(cred.user_ns, cred.gid),
    AT_EGID: from_kgid_munged(cred.user_ns, cred.egid),
    AT_PLATFORM: abi.ELF_PLATFORM,
    AT_PAGESZ: PAGE_SIZE,
    AT_CLKTCK: CLOCKS_PER_SEC,
    AT_PHDR: phdr_addr(program) + bias,
    AT_PHENT: ehdr.e_phentsize,
    AT_PHNUM: ehdr.e_phnum,
    AT_BASE: interp === null ? 0 : interp_bias(interp, abi),
    AT_ENTRY: ehdr.e_entry + bias,
  };
}
