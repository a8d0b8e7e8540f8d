/**
 * npm run bench [-- boot|page ...]: figures as ratios, both sides interleaved in one run on this machine.
 * A ratio over its limit (with 10 % allowance for noise) fails; absolute times are only reported.
 */
import { bench as boot } from './boot.mjs';
import { bench as page } from './page.mjs';

const BENCHES = { boot, page };
const only = process.argv.slice(2);
let failed = 0;
for (const [name, run] of Object.entries(BENCHES)) {
  if (only.length > 0 && !only.includes(name)) continue;
  for (const { what, ours, theirs, unit, ratio, limit } of await run()) {
    const verdict = ratio <= limit * 1.1 ? 'ok' : 'OVER';
    if (verdict === 'OVER') failed++;
    console.log(
      `${what}: ${ours.toFixed(1)} ${unit} against ${theirs.toFixed(1)} ${unit}: ${ratio.toFixed(2)} (limit ${limit}) ${verdict}`,
    );
  }
}
process.exitCode = failed === 0 ? 0 : 1;
