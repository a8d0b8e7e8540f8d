/** watch: runs a command again and again, its output on the whole screen. Follows procps-ng 4.0.2. */
import { decode } from '../../uapi/bytes.ts';
import { IS_ERR } from '../../uapi/errno.ts';
import { O_CLOEXEC } from '../../uapi/fcntl.ts';
import { WEXITSTATUS } from '../../uapi/signal.ts';
import { CLOCK_REALTIME } from '../../uapi/syscalls.ts';
import { command, type Io, type Options } from '../lib/command.ts';
import { Failure } from '../lib/error.ts';
import { execvp } from '../lib/execvp.ts';
import { windowSize } from '../lib/keys.ts';
import { readAll } from '../lib/stdio.ts';
import { strftime } from '../lib/time.ts';

const USAGE = '\nUsage:\n watch [options] command\n\nFor more details see watch(1).\n';

export const main = command(
  {
    name: 'watch',
    usage: ['[options] command'],
    summary: 'Runs a command again and again.',
    follows: 'procps-ng 4.0.2',
    permute: false,
    hint: () => USAGE,
    options: [
      ['-n, --interval=SECS', 'seconds to wait between updates'],
      ['-t, --no-title', 'turn off header'],
      ['-e, --errexit', 'exit if command has a non-zero exit'],
      ['-g, --chgexit', 'exit when output from command changes'],
      ['-x, --exec', 'pass command to exec instead of "sh -c"'],
      ['-d, --differences', 'not supported here'],
    ],
  },
  async (io, options, operands) => {
    if (options.has('d')) throw new Failure('-d is not supported here');
    const text = options.value('n') ?? '2';
    if (!/^\d+\.?\d*$|^\.\d+$/.test(text)) throw new Failure(`failed to parse argument: '${text}': Invalid argument`);
    if (operands.length === 0) {
      await io.complain(USAGE);
      return 1;
    }
    return await watch(io, options, operands, Math.max(0.1, Number(text)));
  },
);

async function watch(io: Io, options: Options, words: readonly string[], interval: number): Promise<number> {
  let before: string | null = null;
  for (;;) {
    const { output, status } = await once(io, options, words);
    draw(io, options, words.join(' '), interval, output);
    await io.stdout.flush();
    if (io.stdout.error) return 1;
    if (options.has('e') && status !== 0) return 8;
    if (options.has('g') && before !== null && before !== output) return 0;
    before = output;
    await io.sys.nanosleep(interval * 1000);
  }
}

async function once(io: Io, options: Options, words: readonly string[]): Promise<{ output: string; status: number }> {
  const ends = io.sys.pipe2(O_CLOEXEC);
  if (IS_ERR(ends)) throw new Failure(`unable to create IPC pipes: ${ends.message}`);
  const [from, to] = ends;
  const argv = options.has('x') ? words : ['sh', '-c', words.join(' ')];
  const pid = io.sys.clone(0, async (child) => {
    child.dup2(to, 1);
    child.dup2(to, 2);
    await execvp(child, argv[0] ?? '', argv, io.envp);
    return 4;
  });
  io.sys.close(to);
  if (IS_ERR(pid)) throw new Failure(`unable to fork process: ${pid.message}`);
  const bytes = await readAll(io.sys, from);
  io.sys.close(from);
  const result = await io.sys.wait4(pid, 0);
  return { output: IS_ERR(bytes) ? '' : decode(bytes), status: IS_ERR(result) ? 0 : WEXITSTATUS(result.status) };
}

function draw(io: Io, options: Options, title: string, interval: number, output: string): void {
  const { rows, columns } = windowSize(io.sys, 1);
  const left = `Every ${interval.toFixed(1)}s: ${title}`;
  const right = `${io.sys.uname().nodename}: ${strftime('%a %b %e %T %Y', io.sys.clock_gettime(CLOCK_REALTIME))}`;
  const room = columns - right.length - 1;
  const head = options.has('t')
    ? []
    : [`${left.length > room ? `${left.slice(0, Math.max(0, room - 3))}...` : left.padEnd(room)} ${right}`, ''];
  const lines = output
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.slice(0, columns));
  const shown = [...head, ...lines].slice(0, rows);
  io.stdout.put(`\x1b[H\x1b[2J${shown.join('\r\n')}`);
}
