/** What bash 5.2.15 says of lines that it refuses, and ours of the same. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseProgram } from '../../../src/shell/parse.ts';
import { knownComplaints } from './known-differences.ts';

const rows: readonly { readonly source: string; readonly stderr: string }[] = JSON.parse(
  readFileSync(new URL('recorded/syntax-5.2.15.json', import.meta.url), 'utf8'),
);

function complaint(source: string): string {
  const { problem, units } = parseProgram(source, 1);
  if (problem) return problem.messages.map((m) => `bash: line ${problem.line}: ${m}\n`).join('');
  const open = units.flatMap((u) => u.unterminated);
  return open
    .map((h) => `bash: line ${h.endLine}: warning: here-document at line ${h.line} delimited by end-of-file (wanted \`${h.delimiter}')\n`)
    .join('');
}

for (const { source, stderr } of rows) {
  it(JSON.stringify(source), () => {
    if (knownComplaints.some(([known]) => known === source)) expect(complaint(source)).not.toBe(stderr);
    else expect(complaint(source)).toBe(stderr);
  });
}
