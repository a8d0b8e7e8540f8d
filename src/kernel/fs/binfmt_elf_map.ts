/**
 * What happens to a program after the point of no return: its segments are mapped, and the processor goes to its entry.
 * Nothing is copied here; we only find out whether Linux and the processor would have gone on. Follows elf_load, elf_map and
 * load_elf_interp of fs/binfmt_elf.c, mm/mmap.c and the page fault. Rules E15 and E16 of docs/linux-exec.md.
 */
import { ET_DYN, ET_EXEC, PF_R, PF_W, PF_X, PT_GNU_STACK, PT_LOAD } from '../../uapi/elf.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { SIGBUS, SIGSEGV } from '../../uapi/signal.ts';
import type { ElfAbi } from '../arch/elf.ts';
import type { ElfFile, ElfPhdr } from '../include/elf.ts';
import type { OpenFile } from '../include/fs.ts';
import { path_noexec } from './open.ts';
import { kernel_read } from './read_write.ts';

const PAGE_SIZE = 4096;
/** Lowest address that may be mapped (vm.mmap_min_addr). */
export const MMAP_MIN_ADDR = 4096;
/** More memory than any machine of ours could promise. */
const MAX_ANONYMOUS = 2 ** 40;

const page_start = (addr: number): number => Math.floor(addr / PAGE_SIZE) * PAGE_SIZE;
const page_offset = (addr: number): number => addr % PAGE_SIZE;
const page_align = (addr: number): number => Math.ceil(addr / PAGE_SIZE) * PAGE_SIZE;

/** A stretch of memory with one kind of content: pages of a file, or zeros. */
interface Vma {
  readonly start: number;
  readonly end: number;
  readonly exec: boolean;
  /** Where in the file `start` stands, and the file's size; null for zeros. */
  readonly file: { readonly file: OpenFile; readonly offset: number; readonly size: number } | null;
}

/** The memory as it was laid out, later mappings over earlier ones; null entry: the kernel gave up on the way. */
export interface Memory {
  readonly vmas: readonly Vma[];
  readonly entry: number;
}

/** Where position-independent files lie when nothing is randomised: programs at two thirds of the addresses, interpreters half way. */
export function load_bias({ ehdr }: ElfFile, abi: ElfAbi): number {
  return ehdr.e_type === ET_DYN ? page_start((abi.TASK_SIZE / 3) * 2) : 0;
}
export function interp_bias({ ehdr }: ElfFile, abi: ElfAbi): number {
  return ehdr.e_type === ET_DYN ? page_start(abi.TASK_SIZE / 2) : 0;
}

/** Where the segment that holds the header table puts it, before any bias; 0 if none does. */
export function phdr_addr({ ehdr: { e_phoff }, phdrs }: ElfFile): number {
  const holds = phdrs.find((p) => p.p_type === PT_LOAD && p.p_offset <= e_phoff && e_phoff < p.p_offset + p.p_filesz);
  return holds === undefined ? 0 : e_phoff - holds.p_offset + holds.p_vaddr;
}

/**
 * Maps the program and its interpreter. null: a mapping failed, which kills.
 * @linux fs/binfmt_elf.c load_elf_binary #P[addresses are not randomised]
 */
export function load_segments(program: ElfFile, interp: ElfFile | null, abi: ElfAbi): Memory | null {
  const all_exec = abi.read_implies_exec && !program.phdrs.some((p) => p.p_type === PT_GNU_STACK);
  const bias = load_bias(program, abi);
  const own = map_file(program, bias, abi, all_exec);
  if (own === null) return null;
  if (interp === null) return { vmas: own, entry: program.ehdr.e_entry + bias };
  return load_elf_interp(own, interp, abi, all_exec);
}

/**
 * The interpreter's segments come on top, and it gets control.
 * @linux fs/binfmt_elf.c load_elf_interp #Y
 */
function load_elf_interp(own: readonly Vma[], interp: ElfFile, abi: ElfAbi, all_exec: boolean): Memory | null {
  const { e_type, e_entry } = interp.ehdr;
  if (e_type !== ET_EXEC && e_type !== ET_DYN) return null;
  if (!interp.phdrs.some((p) => p.p_type === PT_LOAD)) return null;
  const bias = interp_bias(interp, abi);
  const vmas = map_file(interp, bias, abi, all_exec);
  return vmas === null ? null : { vmas: [...own, ...vmas], entry: e_entry + bias };
}

function map_file(elf: ElfFile, bias: number, abi: ElfAbi, all_exec: boolean): Vma[] | null {
  const vmas: Vma[] = [];
  for (const phdr of elf.phdrs) {
    if (phdr.p_type !== PT_LOAD) continue;
    const mapped = elf_load(elf, phdr, bias, abi, all_exec);
    if (mapped === null) return null;
    vmas.push(...mapped);
  }
  return vmas;
}

/**
 * One PT_LOAD: pages of the file, then zeros up to p_memsz.
 * @linux fs/binfmt_elf.c elf_load #Y
 */
function elf_load(elf: ElfFile, phdr: ElfPhdr, bias: number, abi: ElfAbi, all_exec: boolean): Vma[] | null {
  const { p_filesz, p_memsz, p_flags } = phdr;
  const addr = phdr.p_vaddr + bias;
  if (addr >= abi.TASK_SIZE || p_filesz > p_memsz || p_memsz > abi.TASK_SIZE - addr) return null;
  if (bias === 0 && addr < MMAP_MIN_ADDR && p_memsz > 0) return null;
  const exec = (p_flags & PF_X) !== 0 || (all_exec && (p_flags & PF_R) !== 0);
  const vmas: Vma[] = [];
  if (p_filesz > 0) {
    const mapped = elf_map(elf, phdr, addr, exec);
    if (mapped === null) return null;
    vmas.push(mapped);
  }
  if (p_memsz === p_filesz) return vmas;
  const zero_start = p_filesz > 0 ? page_align(addr + p_filesz) : page_start(addr);
  const zero_end = page_align(addr + p_memsz);
  if (zero_end - zero_start > MAX_ANONYMOUS) return null;
  if (zero_end > zero_start) vmas.push({ start: zero_start, end: zero_end, exec, file: null });
  return vmas;
}

/**
 * The pages of the file; null where mmap refuses, or where the zeros behind the data cannot be written.
 * @linux fs/binfmt_elf.c elf_map #Y
 */
function elf_map({ file }: ElfFile, phdr: ElfPhdr, addr: number, exec: boolean): Vma | null {
  const { p_offset, p_filesz, p_memsz, p_flags } = phdr;
  if (page_offset(p_offset) !== page_offset(addr)) return null;
  if ((p_flags & PF_X) !== 0 && path_noexec(file.f_path)) return null;
  const size = file.f_inode.i_size;
  const end = page_align(addr + p_filesz);
  const offset = p_offset - page_offset(addr);
  if (offset < 0 || offset + (end - addr) >= 2 ** 63) return null;
  const data_end = p_offset + p_filesz;
  const padded = p_memsz > p_filesz && (p_flags & PF_W) !== 0 && page_offset(data_end) !== 0;
  if (padded && page_start(data_end) >= size) return null;
  return { start: page_start(addr), end, exec: exec && !path_noexec(file.f_path), file: { file, offset, size } };
}

/** The signal that meets the processor at the entry, 0 if there is code to run, `late` if the memory was not even laid out. */
export function program_entry(memory: Memory | null, abi: ElfAbi, late: number): number {
  if (memory === null) return late;
  const { entry } = memory;
  const vma = memory.vmas.findLast((v) => v.start <= entry && entry < v.end);
  if (vma === undefined || !vma.exec) return SIGSEGV;
  if (vma.file === null) return abi.zero_code.signal;
  const at = vma.file.offset + (entry - vma.start);
  if (at >= page_align(vma.file.size)) return SIGBUS;
  return only_zeros(vma.file.file, at, abi.zero_code.bytes) ? abi.zero_code.signal : 0;
}

/** Behind the end of the file the rest of its last page is zeros. */
function only_zeros(file: OpenFile, at: number, count: number): boolean {
  if (at >= file.f_inode.i_size) return true;
  const code = kernel_read(file, at, count);
  return !IS_ERR(code) && code.every((byte) => byte === 0);
}
