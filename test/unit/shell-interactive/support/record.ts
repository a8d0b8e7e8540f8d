/** Types the sessions at the real bash and keeps what its screen shows. */
import { spawn } from 'node:child_process';
import { Screen, type Shown } from './screen.ts';
import { FILES, keys, type Session } from './sessions.ts';

export const COLUMNS = 60;
export const ROWS = 24;

export async function typeAtBash(session: Session): Promise<Shown> {
  const { columns = COLUMNS, rows = ROWS, env = {} } = session;
  const typed = session.keys.map((key) => (typeof key === 'string' ? keys(key) : key));
  const output = await python(JSON.stringify({ columns, rows, env, files: FILES, keys: typed }));
  const screen = new Screen(columns, rows);
  for (const part of JSON.parse(output) as ({ data: string } | { resize: [number, number] })[]) {
    if ('resize' in part) screen.resize(...part.resize);
    else await screen.write(Buffer.from(part.data, 'base64'));
  }
  return screen.shown();
}

function python(input: string): Promise<string> {
  const child = spawn('python3', [new URL('type-at-bash.py', import.meta.url).pathname], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(input);
  let out = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString('latin1')));
  return new Promise((done) => child.on('close', () => done(out)));
}
