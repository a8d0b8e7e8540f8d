/**
 * npm test: every check and every runner, one after the other; ends with one line that sums them all.
 * A check counts as one. `npm test -- unit` (or another name) runs only the steps whose name begins so.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { chromium } from './chromium.mjs';

const REPORTS = 'node_modules/.cache/test-reports';
const check = (name, command, ...args) => ({ name, run: () => once(command, args) });
const vitest = (name) => ({ name, run: () => runVitest(name) });

const STEPS = [
  check('format and lint', 'biome', 'check', '--error-on-warnings', '.'),
  check('types and walls', 'tsc', '-b'),
  check('dependencies', 'depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'src', 'test'),
  check('dead code', 'knip'),
  check('build: library and command', 'vite', 'build', '--config', 'vite.node.config.ts', '--logLevel', 'warn'),
  check('build: page', 'vite', 'build', '--logLevel', 'warn'),
  vitest('unit'),
  vitest('conformance'),
  vitest('lessons'),
  { name: 'browser', run: () => withChromium() },
];

function once(command, args) {
  const { status } = spawnSync('npx', ['--no-install', command, ...args], { stdio: 'inherit' });
  return status === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

function runVitest(project) {
  const file = `${REPORTS}/${project}.json`;
  const args = ['--no-install', 'vitest', 'run', '--project', project, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
  const { status } = spawnSync('npx', args, { stdio: 'inherit' });
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const failed = report.numFailedTests + report.testResults.filter((f) => f.status === 'failed' && f.assertionResults.length === 0).length;
  const skipped = report.numPendingTests + report.numTodoTests;
  return { passed: report.numPassedTests, failed: status !== 0 && failed === 0 ? 1 : failed, skipped };
}

function withChromium() {
  try {
    process.env.CHROMIUM = chromium();
  } catch (e) {
    console.error(e.message);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  return runVitest('browser');
}

const total = { passed: 0, failed: 0, skipped: 0 };
rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });
for (const step of STEPS) {
  if (process.argv.length > 2 && !process.argv.slice(2).some((n) => step.name.startsWith(n))) continue;
  console.log(`\n== ${step.name}`);
  const began = performance.now();
  const result = step.run();
  console.log(`-- ${step.name}: ${result.passed} passed, ${result.failed} failed (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  for (const key of Object.keys(total)) total[key] += result[key];
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
