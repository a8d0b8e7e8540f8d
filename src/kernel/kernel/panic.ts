/** When the kernel itself is broken. Follows kernel/panic.c. */

/**
 * Stops the machine: an invariant of ours does not hold.
 * @linux kernel/panic.c panic #Y
 */
export function panic(message: string): never {
  throw new Error(`Kernel panic - not syncing: ${message}`);
}
