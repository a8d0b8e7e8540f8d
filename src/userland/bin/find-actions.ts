/** The actions of find(1): printing, deleting, running commands. */
import { encode } from '../../uapi/bytes.ts';
import { type Errno, IS_ERR } from '../../uapi/errno.ts';
import { S_ISDIR } from '../../uapi/stat.ts';
import type { Syscalls } from '../../uapi/syscalls.ts';
import type { Io } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { execvp } from '../lib/execvp.ts';
import { basename, dirname } from '../lib/path.ts';
import { saysYes } from '../lib/prompt.ts';
import { formatFound, longLine } from './find-format.ts';
import type { Expression, Primary } from './find-parse.ts';
import type { Found } from './find-tests.ts';

const MAX_ARGUMENT_BYTES = 131072;

/** Runs commands; keeps the names that `-exec … {} +` gathers. */
export class Executor {
  private readonly batches: Batch[] = [];

  constructor(private readonly io: Io) {}

  batch(words: readonly string[], inDirectory: boolean): Batch {
    const batch = new Batch(this, words, inDirectory, this.io);
    this.batches.push(batch);
    return batch;
  }

  async finish(): Promise<void> {
    for (const batch of this.batches) await batch.flush();
  }

  /** True if the command ended with 0. */
  async run(argv: readonly string[], directory: string | null): Promise<boolean> {
    await this.io.stdout.flush();
    const pid = this.io.sys.clone(0, async (child) => await this.child(child, argv, directory));
    if (IS_ERR(pid)) throw new Failure(`cannot fork: ${pid.message}`);
    const result = await this.io.sys.wait4(pid, 0);
    return !IS_ERR(result) && result.status === 0;
  }

  private async child(child: Syscalls, argv: readonly string[], directory: string | null): Promise<number> {
    const moved = directory === null ? 0 : child.chdir(directory);
    const error: Errno = IS_ERR(moved) ? moved : await execvp(child, argv[0] ?? '', argv, this.io.envp);
    await child.write(2, encode(`${this.io.name}: ${this.io.quote(argv[0] ?? '')}: ${error.message}\n`));
    return 1;
  }
}

class Batch {
  private names: string[] = [];
  private size = 0;
  private directory: string | null = null;

  constructor(
    private readonly executor: Executor,
    private readonly words: readonly string[],
    private readonly inDirectory: boolean,
    private readonly io: Io,
  ) {}

  async add(path: string): Promise<void> {
    const directory = this.inDirectory ? dirname(path) : null;
    const name = this.inDirectory ? `./${basename(path)}` : path;
    const size = encode(name).length + 1;
    if (this.names.length > 0 && (this.size + size > MAX_ARGUMENT_BYTES || directory !== this.directory)) await this.flush();
    this.directory = directory;
    this.names.push(name);
    this.size += size;
  }

  async flush(): Promise<void> {
    const { names } = this;
    if (names.length === 0) return;
    this.names = [];
    this.size = 0;
    if (!(await this.executor.run([...this.words, ...names], this.directory))) this.io.status = 1;
  }
}

/** Words up to and with `;`, or with `{} +`. */
function commandLength(rest: readonly string[], name: string): number {
  const end = rest.findIndex((word, i) => word === ';' || (word === '+' && rest[i - 1] === '{}'));
  if (end < 0 || rest.length === 0) throw new Failure(`missing argument to \`${name}'`);
  if (end === 0) throw new Failure(`invalid argument \`;' to \`${name}'`);
  return end + 1;
}

const execute = (asks: boolean, inDirectory: boolean): Primary => ({
  takes: commandLength,
  isAction: true,
  make: (args, { io, executor }): Expression => {
    if (args.at(-1) === '+' && !asks) {
      const batch = executor.batch(args.slice(0, -2), inDirectory);
      return async (found) => {
        await batch.add(found.path);
        return true;
      };
    }
    const words = args.slice(0, -1);
    return async (found) => {
      const name = inDirectory ? `./${basename(found.path)}` : found.path;
      const argv = words.map((word) => word.replaceAll('{}', name));
      if (asks && !(await mayRun(io, words[0] ?? '', found.path))) return false;
      return await executor.run(argv, inDirectory ? dirname(found.path) : null);
    };
  },
});

async function mayRun(io: Io, program: string, path: string): Promise<boolean> {
  await io.stdout.flush();
  await io.complain(`< ${program} ... ${path} > ? `);
  return await saysYes(io);
}

/** Prints and is true. */
const print = (text: (found: Found) => string): Primary => ({
  takes: 0,
  isAction: true,
  make:
    (_args, { io }) =>
    (found) => {
      io.stdout.put(text(found));
      return true;
    },
});

const remove: Primary = {
  takes: 0,
  isAction: true,
  make: (_args, { io }, settings) => {
    settings.depthFirst = true;
    return async (found) => {
      if (found.path === '.') return true;
      const status = S_ISDIR(found.stat.st_mode) ? io.sys.rmdir(found.path) : io.sys.unlink(found.path);
      if (IS_ERR(status)) await io.fail(`cannot delete ${io.quote(found.path)}`, status);
      return !IS_ERR(status);
    };
  },
};

export const actions: Readonly<Record<string, Primary>> = {
  '-print': print((found) => `${found.path}\n`),
  '-print0': print((found) => `${found.path}\0`),
  '-printf': {
    takes: 1,
    isAction: true,
    make:
      ([format = ''], search) =>
      (found) => {
        search.io.stdout.put(formatFound(format, found, search));
        return true;
      },
  },
  '-ls': {
    takes: 0,
    isAction: true,
    make: (_args, search) => (found) => {
      search.io.stdout.put(longLine(found, search));
      return true;
    },
  },
  '-delete': remove,
  '-exec': execute(false, false),
  '-execdir': execute(false, true),
  '-ok': execute(true, false),
  '-okdir': execute(true, true),
  '-prune': {
    takes: 0,
    make: () => (found) => {
      found.pruned = true;
      return true;
    },
  },
  '-quit': {
    takes: 0,
    isAction: true,
    make: () => (found) => {
      found.quit = true;
      return true;
    },
  },
};
