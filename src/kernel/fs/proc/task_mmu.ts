/** /proc/PID/maps: the segments of the program's file. Follows fs/proc/task_mmu.c. */

import { ELFCLASS64, ET_DYN, PF_R, PF_W, PF_X, PT_LOAD } from '../../../uapi/elf.ts';
import { IS_ERR } from '../../../uapi/errno.ts';
import { major, minor } from '../../../uapi/stat.ts';
import type { Bytes } from '../../../uapi/types.ts';
import type { OpenFile } from '../../include/fs.ts';
import type { Task } from '../../include/sched.ts';
import { d_path } from '../namespace.ts';
import { kernel_read } from '../read_write.ts';

const PAGE = 0x1000n;
/** Where position-independent programs lie when nothing is randomised (ELF_ET_DYN_BASE of x86-64). */
const DYN_BASE = 0x555555554000n;

interface Segment {
  readonly flags: number;
  readonly offset: bigint;
  readonly vaddr: bigint;
  readonly filesz: bigint;
}

/** @linux fs/proc/task_mmu.c show_map_vma #P[the program's own PT_LOAD segments only] */
export function task_maps(target: Task): string {
  const exe = target.image?.exe;
  if (exe === undefined) return '';
  const header = kernel_read(exe, 0, 4096);
  if (IS_ERR(header) || header.length < 64 || header[4] !== ELFCLASS64) return '';
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const base = view.getUint16(16, true) === ET_DYN ? DYN_BASE : 0n;
  return segments(header, view)
    .map((s) => line(target, exe, s, base))
    .join('');
}

function segments(header: Bytes, view: DataView): Segment[] {
  const phoff = Number(view.getBigUint64(32, true));
  const out: Segment[] = [];
  for (let i = 0, at = phoff; i < view.getUint16(56, true) && at + 56 <= header.length; i++, at += 56) {
    if (view.getUint32(at, true) !== PT_LOAD) continue;
    const word = (n: number): bigint => view.getBigUint64(at + n, true);
    out.push({ flags: view.getUint32(at + 4, true), offset: word(8), vaddr: word(16), filesz: word(32) });
  }
  return out;
}

function line(target: Task, exe: OpenFile, s: Segment, base: bigint): string {
  const start = base + s.vaddr - (s.vaddr % PAGE);
  const end = base + ((s.vaddr + s.filesz + PAGE - 1n) / PAGE) * PAGE;
  const prot = `${s.flags & PF_R ? 'r' : '-'}${s.flags & PF_W ? 'w' : '-'}${s.flags & PF_X ? 'x' : '-'}p`;
  const hex = (n: number | bigint, width: number): string => n.toString(16).padStart(width, '0');
  const dev = exe.f_inode.i_sb.s_dev;
  const offset = s.offset - (s.offset % PAGE);
  const place = `${hex(start, 8)}-${hex(end, 8)} ${prot} ${hex(offset, 8)} ${hex(major(dev), 2)}:${hex(minor(dev), 2)} ${exe.f_inode.i_ino}`;
  return `${place.padEnd(73)}${d_path(target, exe.f_path)}\n`;
}
