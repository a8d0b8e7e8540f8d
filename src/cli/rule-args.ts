/** The options of `binfmt-lab rule`. They may stand on either side of the line. */
import { parseArgs } from 'node:util';
import { HOSTS, type HostArch } from '../uapi/host.ts';
import { UsageError } from './args.ts';

export interface RuleOptions {
  /** `-`: the bytes on standard input. */
  readonly line: string;
  readonly kernel: string;
  readonly host: HostArch;
  readonly file?: string;
  readonly json: boolean;
}

const OPTIONS = {
  kernel: { type: 'string', default: 'lab' },
  host: { type: 'string', default: 'x86_64' },
  file: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export function parseRule(argv: readonly string[]): RuleOptions | UsageError {
  const parsed = parse(argv);
  if (parsed instanceof UsageError) return parsed;
  const { values, positionals } = parsed;
  const host = HOSTS.find((h) => h === values.host);
  if (host === undefined) return new UsageError(`unknown host '${values.host}': one of ${HOSTS.join(', ')}`);
  const [line, ...more] = positionals;
  if (line === undefined) return new UsageError("which line? such as ':name:M::\\x7fELF::/path:', or - for standard input");
  if (more.length > 0) return new UsageError('one line at a time: put it in quotes');
  const { kernel, json, file } = values;
  return { line, kernel, host, json, ...(file === undefined ? {} : { file }) };
}

function parse(argv: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>> | UsageError {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (e) {
    return new UsageError(e instanceof Error ? (e.message.split('. ')[0] ?? e.message) : String(e));
  }
}
