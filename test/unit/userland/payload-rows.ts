/**
 * What Lua and Python are asked, here and of the real ones: a shell script, the files beside it, standard input.
 * The answers are in recorded/lua.json and recorded/python.json; scripts/record-payloads.mjs asks anew.
 */

export interface PayloadRow {
  readonly script: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Why the answer here is another one; the row fails once it is the same. */
  readonly differs?: string;
}

export interface PayloadAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** What a real tool said, and which one. */
export interface Recording {
  readonly tool: string;
  /** Executable files that every row finds, in base64. */
  readonly elves?: Readonly<Record<string, string>>;
  readonly answers: readonly (PayloadAnswer & Pick<PayloadRow, 'script' | 'files' | 'stdin'>)[];
}

/** Where rows run. */
export const DIRECTORY = '/tmp/payload-rows';
/** The age of every file, in seconds. */
export const MTIME = 1_704_548_727;

/** A script; the file x.lua or x.py beside it, if it has one; other files. */
export type Shorthand = readonly [script: string, program?: string | undefined, files?: Readonly<Record<string, string>>];

export const rowsOf = (name: string, rows: readonly (Shorthand | PayloadRow)[]): PayloadRow[] =>
  rows.map((row) => {
    if ('script' in row) return row;
    const [script, program, files] = row;
    const all = { ...(program === undefined ? {} : { [name]: program }), ...files };
    return Object.keys(all).length === 0 ? { script } : { script, files: all };
  });
