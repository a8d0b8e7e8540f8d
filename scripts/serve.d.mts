import type { Server } from 'node:http';

/** A line's delay per request (ms) and its bandwidth. */
export interface Line {
  readonly latency: number;
  readonly bytesPerMs: number;
}
export function serve(
  root: string,
  port?: number,
  line?: Line,
  extra?: Readonly<Record<string, string>>,
): Promise<{ server: Server; url: string }>;
