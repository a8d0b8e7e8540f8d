/** What `binfmt-lab rule --json` prints: one object, stable names, bytes as lower-case hex. */
import { fieldMeanings } from '../explain/fields.ts';
import { formsOf } from '../explain/forms.ts';
import { overlay } from '../explain/overlay.ts';
import { takers } from '../explain/predict.ts';
import type { Explanation } from '../explain/rule.ts';
import { hex, latin1 } from '../uapi/bytes.ts';
import type { RuleReport } from './rule.ts';

export function reportJson(report: RuleReport): string {
  const { chosen, current, currentName, kernel, host, version } = report;
  const { line, spans, entry } = chosen;
  const object = {
    line: hex(line),
    host,
    fields: fieldMeanings(line, spans, version),
    spans: spans.map((s) => ({ ...s, text: latin1(line.subarray(s.start, s.end)) })),
    rule: entry === null ? null : { ...entry, flags: [...entry.flags], match: matchOf(entry.match) },
    kernels: { [kernel]: answer(chosen), [currentName]: answer(current) },
    forms: Object.fromEntries(formsOf(line, entry).map((f) => [f.notation, f.text])),
    file: fileOf(report),
  };
  return `${JSON.stringify(object, null, 2)}\n`;
}

type Match = NonNullable<Explanation['entry']>['match'];

function matchOf(match: Match): unknown {
  if (match.kind === 'extension') return match;
  return { ...match, magic: hex(match.magic), mask: match.mask === null ? null : hex(match.mask) };
}

function answer({ verdict, warnings }: Explanation): unknown {
  return { ...verdict, ...(verdict.accepted ? {} : { errno: verdict.errno.code }), warnings };
}

function fileOf({ file, chosen: { entry }, version, host }: RuleReport): unknown {
  if (file === null || entry === null) return null;
  const laid = overlay(entry.match, file, version.BINPRM_BUF_SIZE);
  const taken = takers(file, [entry], version, host).map((t) => t.format);
  const detail = laid.kind === 'magic' ? { differsAt: laid.differsAt } : { wanted: laid.wanted, found: laid.found };
  return { name: file.name, matched: laid.matched, ...detail, takenBy: taken[0] ?? null, alsoWantedBy: taken.slice(1) };
}
