/** Of rows that a real tool answers: those that a recording has already are not asked again, unless with --all. */
import * as fs from 'node:fs';

/** Writes to `file` what `ask` says of each of `rows`. */
export function recordRows(file, rows, ask) {
  const known = process.argv.includes('--all') || !fs.existsSync(file) ? {} : JSON.parse(fs.readFileSync(file, 'utf8'));
  const recorded = Object.fromEntries(rows.map((row) => [row, known[row] ?? ask(row)]));
  fs.writeFileSync(file, `${JSON.stringify(recorded, null, 1)}\n`);
  console.log(`${rows.length} rows`);
}
