/**
 * Interactive sessions: keys typed at the real bash left these rows on its screen (recorded/sessions.json); ours, on our kernel's
 * terminal, must leave the same. `RECORD=1 npx vitest run test/unit/shell-interactive/sessions` asks the real bash again.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { typeAtOurs } from './support/lab-terminal.ts';
import { typeAtBash } from './support/record.ts';
import type { Shown } from './support/screen.ts';
import { SESSIONS } from './support/sessions.ts';

const FILE = new URL('recorded/sessions.json', import.meta.url);
const recorded: Record<string, Shown> = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {};

function record(): void {
  const answers: Record<string, Shown> = {};
  it.each(SESSIONS)('$name', async (session) => {
    answers[session.name] = await typeAtBash(session);
  });
  afterAll(() => {
    const kept = Object.fromEntries(SESSIONS.map(({ name }) => [name, answers[name] ?? recorded[name]]));
    writeFileSync(FILE, `${JSON.stringify(kept, null, 1)}\n`);
  });
}

function replay(): void {
  it.concurrent.each(SESSIONS)('$name', async (session) => {
    expect(await typeAtOurs(session)).toEqual(recorded[session.name]);
  });
}

if (process.env.RECORD) describe('recording', record);
else describe('interactive session', replay);
