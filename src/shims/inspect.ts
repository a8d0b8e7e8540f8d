/** What memfs' path calls would put into Node-like argument errors; the kernel makes none of those calls. */
export function inspect(value: unknown): string {
  return String(value);
}
