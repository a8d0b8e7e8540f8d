/**
 * What is on its way to the glass: one bounded buffer before the host, one chunk under way.
 * Takes the place of drivers/tty/tty_buffer.c and of the driver below the line discipline.
 */
import { concat } from '../../../uapi/bytes.ts';
import type { Bytes } from '../../../uapi/types.ts';
import type { WaitQueue } from '../../kernel/sched/wait.ts';
import type { HostSink } from '../char/host_pipe.ts';

/** Bytes that may wait; beyond it writers sleep. */
const ROOM = 32 * 1024;

export class TtyOutput {
  private readonly chunks: Bytes[] = [];
  private size = 0;
  private in_flight = false;
  private closed = false;
  /** ^S was pressed. */
  stopped = false;

  constructor(
    private readonly sink: HostSink,
    private readonly write_wait: WaitQueue,
  ) {}

  /** How many bytes a writer may add. */
  room(): number {
    return this.stopped || this.closed ? 0 : Math.max(0, ROOM - this.size);
  }

  /** Adds bytes, room or not: echoes are never refused. */
  put(data: Bytes): void {
    if (data.length === 0 || this.closed) return;
    this.chunks.push(data);
    this.size += data.length;
    this.pump();
  }

  /** @linux drivers/tty/tty_io.c stop_tty #Y */
  stop(): void {
    this.stopped = true;
  }
  /** @linux drivers/tty/tty_io.c start_tty #Y */
  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.pump();
    this.write_wait.wake_up();
  }

  /** Drops what has not left yet: ^C under a flood. */
  flush(): void {
    this.chunks.length = 0;
    this.size = 0;
    this.write_wait.wake_up();
  }

  /** Nothing more can be written; the host is told when the last chunk is out. */
  close(): void {
    this.closed = true;
    this.flush();
    if (!this.in_flight) this.sink.close?.();
  }

  private pump(): void {
    if (this.in_flight || this.stopped || this.size === 0) return;
    const chunk = concat(this.chunks);
    this.chunks.length = 0;
    this.size = 0;
    const written = this.sink.write(chunk);
    if (!(written instanceof Promise)) return;
    this.in_flight = true;
    written.then(this.landed, this.landed);
  }

  private readonly landed = (): void => {
    this.in_flight = false;
    if (this.closed) this.sink.close?.();
    else this.pump();
    this.write_wait.wake_up();
  };
}
