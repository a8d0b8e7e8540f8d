/** For how long a password given once is good: /run/sudo/ts/NAME, in sudo's own records. Follows sudo 1.9.13's plugins/sudoers/timestamp.c. */
import { IS_ERR } from '../../uapi/errno.ts';
import { O_CREAT, O_TRUNC, O_WRONLY } from '../../uapi/fcntl.ts';
import { CLOCK_MONOTONIC, type Syscalls } from '../../uapi/syscalls.ts';
import { readFile, writeAll } from '../lib/stdio.ts';

const SIZE = 56;
const VERSION = 2;
/** By terminal, else by the process that asks. */
const TS_TTY = 2;
const TS_PPID = 3;
const TS_DISABLED = 1;

interface Session {
  readonly type: number;
  readonly uid: number;
  readonly sid: number;
  readonly of: number;
}

export class Timestamps {
  private readonly path: string;
  private readonly session: Session;

  constructor(
    private readonly sys: Syscalls,
    name: string,
    uid: number,
    tty: number | null,
  ) {
    this.path = `/run/sudo/ts/${name}`;
    const sid = sys.getsid(0);
    this.session = { type: tty === null ? TS_PPID : TS_TTY, uid, sid: IS_ERR(sid) ? 0 : sid, of: tty ?? sys.getppid() };
  }

  async fresh(minutes: number): Promise<boolean> {
    const mine = (await this.records()).find((record) => this.isMine(record));
    if (mine === undefined || (mine.getUint16(6, true) & TS_DISABLED) !== 0) return false;
    const age = this.now() - (mine.getUint32(32, true) + mine.getUint32(40, true) / 1e9);
    return minutes < 0 || (age >= 0 && age < minutes * 60);
  }

  async update(): Promise<void> {
    this.sys.mkdir('/run/sudo', 0o711);
    this.sys.mkdir('/run/sudo/ts', 0o700);
    await this.write([...(await this.records()).filter((r) => !this.isMine(r)), this.record()]);
  }

  /** sudo -k: this session's no longer counts. */
  async disable(): Promise<void> {
    const records = await this.records();
    if (records.length === 0) return;
    for (const record of records) if (this.isMine(record)) record.setUint16(6, TS_DISABLED, true);
    await this.write(records);
  }

  /** sudo -K */
  remove(): void {
    this.sys.unlink(this.path);
  }

  private now(): number {
    return this.sys.clock_gettime(CLOCK_MONOTONIC) / 1000;
  }

  private record(): DataView {
    const view = new DataView(new ArrayBuffer(SIZE));
    const { type, uid, sid, of } = this.session;
    view.setUint16(0, VERSION, true);
    view.setUint16(2, SIZE, true);
    view.setUint16(4, type, true);
    view.setUint32(8, uid, true);
    view.setUint32(12, sid, true);
    view.setUint32(32, Math.floor(this.now()), true);
    view.setUint32(40, Math.floor((this.now() % 1) * 1e9), true);
    view.setUint32(48, of, true);
    return view;
  }

  private isMine(view: DataView): boolean {
    const { type, uid, sid, of } = this.session;
    const found = [view.getUint16(4, true), view.getUint32(8, true), view.getUint32(12, true), view.getUint32(48, true)];
    return [type, uid, sid, of].every((value, i) => value === found[i]);
  }

  private async records(): Promise<DataView[]> {
    const bytes = await readFile(this.sys, this.path);
    if (IS_ERR(bytes)) return [];
    const count = Math.floor(bytes.length / SIZE);
    return Array.from({ length: count }, (_, i) => new DataView(bytes.slice(i * SIZE, (i + 1) * SIZE).buffer as ArrayBuffer));
  }

  private async write(records: readonly DataView[]): Promise<void> {
    const fd = await this.sys.open(this.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
    if (IS_ERR(fd)) return;
    for (const record of records) await writeAll(this.sys, fd, new Uint8Array(record.buffer));
    this.sys.close(fd);
  }
}
