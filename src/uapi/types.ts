/** The plain types that kernel and programs share. */

export type Bytes = Uint8Array;
export type Pid = number;
export type Fd = number;
export type Mode = number;
export type ExitCode = number;

/** A Promise in this union means: the call may sleep, as it may in Linux. `await` it always; wasm hosts may look first. */
export type MaybeAsync<T> = T | Promise<T>;

/** argv, envp and path names are strings of which each char is one byte when it came from bytes that are no UTF-8; see bytes.ts. */
export type PathName = string;
