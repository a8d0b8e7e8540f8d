/**
 * npm run bench [-- boot|dispatch|page|terminal ...]: figures as ratios, both sides interleaved in one run on this machine.
 * A ratio over its limit (with 10 % allowance for noise) fails; absolute times are only reported.
 */
import { bench as boot } from './boot.mjs';
import { bench as dispatch } from './dispatch.mjs';
import { bench as page } from './page.mjs';
import { bench as terminal } from './terminal.mjs';

const BENCHES = { boot, dispatch, page, terminal };
const only = process.argv.slice(2);
let failed = 0;

function report({ what, ours, theirs, unit, ratio, limit }) {
  if (limit === undefined) return console.log(`${what}: ${ours.toFixed(1)} ${unit}`);
  const verdict = ratio <= limit * 1.1 ? 'ok' : 'OVER';
  if (verdict === 'OVER') failed++;
  console.log(
    `${what}: ${ours.toFixed(1)} ${unit} against ${theirs.toFixed(1)} ${unit}: ${ratio.toPrecision(3)} (limit ${Number(limit.toPrecision(3))}) ${verdict}`,
  );
}

for (const [name, run] of Object.entries(BENCHES)) {
  if (only.length > 0 && !only.includes(name)) continue;
  for (const row of await run()) report(row);
}
process.exitCode = failed === 0 ? 0 : 1;
