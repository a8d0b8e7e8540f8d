/** binfmt-lab rule: explains and checks one register line, without a machine. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type KernelVersion, kernelVersion } from '../explain/kernels.ts';
import type { File } from '../explain/predict.ts';
import { readRule } from '../explain/read.ts';
import { CURRENT_LINUX, type Explanation, explainRule } from '../explain/rule.ts';
import type { HostArch } from '../uapi/host.ts';
import { UsageError } from './args.ts';
import { parseRule, type RuleOptions } from './rule-args.ts';
import { reportJson } from './rule-json.ts';
import { reportText } from './rule-text.ts';

/** One line under one kernel, and the same line under current Linux. */
export interface RuleReport {
  readonly kernel: string;
  readonly host: HostArch;
  readonly version: KernelVersion;
  readonly chosen: Explanation;
  readonly currentName: string;
  readonly current: Explanation;
  readonly file: File | null;
}

/** 0: the kernel takes the line; 1: it refuses it; 2: bad options, or nothing that can be read as a line. */
export async function rule(argv: readonly string[]): Promise<number | UsageError> {
  const options = parseRule(argv);
  if (options instanceof UsageError) return options;
  const report = await reportOn(options);
  if (report instanceof UsageError) return report;
  const text = options.json ? reportJson(report) : reportText(report);
  await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
  return report.chosen.verdict.accepted ? 0 : 1;
}

async function reportOn(options: RuleOptions): Promise<RuleReport | UsageError> {
  const { kernel, host } = options;
  const [version, currentVersion] = [kernelVersion(kernel), kernelVersion(CURRENT_LINUX)];
  if (typeof version === 'string') return new UsageError(version);
  if (typeof currentVersion === 'string') return new UsageError(currentVersion);
  const read = options.line === '-' ? { line: await standardInput(), damage: new Set<never>() } : readRule(options.line, version);
  if ('message' in read) return new UsageError(`this ${read.notation} form cannot be read: ${read.message}`);
  const file = options.file === undefined ? null : await fileOf(options.file);
  if (file instanceof UsageError) return file;
  const facts = { host, shell: read.damage };
  const chosen = explainRule(read.line, { version, facts });
  const current = explainRule(read.line, { version: currentVersion, facts });
  return { kernel, host, version, chosen, currentName: CURRENT_LINUX, current, file };
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

async function fileOf(path: string): Promise<File | UsageError> {
  try {
    return { name: basename(path), bytes: (await readFile(path)).subarray(0, 4096) };
  } catch (e) {
    return new UsageError(e instanceof Error ? e.message : String(e));
  }
}
