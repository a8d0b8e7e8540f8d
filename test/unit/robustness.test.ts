/** Hostile input: a named error or a limit, and the machine goes on. */
import { describe, expect, test } from 'vitest';
import { boot } from '../../src/lab/index.ts';

async function run(script: string, timeout = 30_000): Promise<{ out: string; err: string; status: number }> {
  const lab = await boot();
  const { stdout, stderr, status } = await lab.run(script, { timeout });
  lab.dispose();
  return { out: stdout.text, err: stderr.text, status };
}

describe('the machine survives', () => {
  test('a fork bomb: forks are refused, and the next command runs', async () => {
    const { out, err } = await run("bash -c 'b() { b | b & }; b' ; sleep 1; echo alive", 60_000);
    expect(err).toMatch(/fork: (retry: )?Resource temporarily unavailable/);
    expect(out).toBe('alive\n');
  }, 90_000);

  test('an endless loop, killed from outside', async () => {
    expect((await run('while :; do :; done', 500)).status).toBe(137);
  });

  test('a loop of programs, killed from outside', async () => {
    expect((await run('while true; do /bin/true; done', 500)).status).toBe(137);
  });

  test('endless output into a reader that stops', async () => {
    expect(await run('yes | head -2; yes | sed 2q; echo "${PIPESTATUS[*]}"')).toMatchObject({ out: 'y\ny\ny\ny\n141 0\n', status: 0 });
  });

  test('a line of ten megabytes', async () => {
    expect((await run("head -c 10000000 /dev/zero | tr '\\0' x | wc -c")).out).toBe('10000000\n');
    expect((await run("head -c 100000 /dev/zero | tr '\\0' x > s; chmod +x s; ./s")).status).toBe(127);
  });

  test('a full disk, with an error and the files as they were', async () => {
    const { out, err } = await run('mkdir m; mount -t tmpfs -o size=64k none m; echo keep > m/a; head -c 200000 /dev/zero > m/b; cat m/a');
    expect(err).toContain('No space left on device');
    expect(out).toBe('keep\n');
  });

  test('ELF headers of every length and of noise', async () => {
    const script = `for n in 4 16 20 52 63 64 100 119 120 200; do head -c $n /bin/true > e; chmod +x e; (./e) 2>/dev/null; echo -n "$? "; done; echo
for i in 1 2 3 4 5; do { printf '\\177ELF'; head -c 300 /dev/urandom; } > e; chmod +x e; ./e; done 2>&1 | grep -vc 'Exec format error'; echo alive`;
    expect((await run(script)).out).toBe('126 126 126 126 126 126 126 126 126 126 \n0\nalive\n');
  });

  test('register lines of noise: nothing is registered', async () => {
    const script = `cd /proc/sys/fs/binfmt_misc; for i in $(seq 50); do { printf ':x:M::'; head -c $((i * 30)) /dev/urandom; } > register; done 2>/dev/null; ls`;
    expect((await run(script)).out).toBe('register\nstatus\n');
  });
});
