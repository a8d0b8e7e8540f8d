/** CPython where WebAssembly can suspend: it waits for keys, pipes, time and other programs while these run. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLab, openSite, type Site, screen, waitForScreen } from './server.ts';

const TIMEOUT = 120_000;
let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

type Element = HTMLElement & { run(script: string): Promise<{ stdout: string; stderr: string; status: number }> };

const ROWS: readonly (readonly [title: string, script: string, stdout: string, stderr?: string])[] = [
  ['waits for a pipe', "(sleep 0.3; echo late) | python3 -c 'print(input())'", 'late\n'],
  [
    'waits for its reader, and hears that it has gone',
    `python3 -c 'while True: print("y" * 1000)' | head -c 4`,
    'yyyy',
    'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nBrokenPipeError: [Errno 32] Broken pipe\n',
  ],
  [
    'runs other programs',
    `python3 -c 'import os, subprocess as s
print(s.run(["sh", "-c", "cat; echo e >&2; exit 3"], input=b"in", capture_output=True))
print(s.check_output("pwd; echo $A", shell=True, cwd="/tmp", env={"A": "b"}), os.system("exit 3"), os.popen("uname").read())'`,
    "CompletedProcess(args=['sh', '-c', 'cat; echo e >&2; exit 3'], returncode=3, stdout=b'in', stderr=b'e\\n')\nb'/tmp\\nb\\n' 768 Linux\n\n",
  ],
  [
    'says why a program did not start',
    `cd /tmp; echo 'print(1)' > x.py; chmod +x x.py; python3 -c 'import subprocess as s
for what in ["/nope", "./x.py", "/tmp"]:
  try: s.run([what])
  except OSError as e: print(e)
try: s.run(["true"], cwd="/nope")
except OSError as e: print(e)'`,
    "[Errno 2] No such file or directory: '/nope'\n[Errno 8] Exec format error: './x.py'\n[Errno 13] Permission denied: '/tmp'\n[Errno 2] No such file or directory: '/nope'\n",
  ],
  ['sleeps while others run', `python3 -c 'import time; time.sleep(1); print("slept")' & echo first; wait`, 'first\nslept\n'],
];

it(
  'waits while others run',
  async () => {
    const page = await openLab(site);
    for (const [title, script, stdout, stderr = ''] of ROWS) {
      const result = await page.evaluate((s) => document.querySelector<Element>('binfmt-lab')?.run(s), script);
      expect({ title, stdout: result?.stdout, stderr: result?.stderr }).toEqual({ title, stdout, stderr });
    }
    await page.close();
  },
  TIMEOUT,
);

it(
  'asks at the terminal, and ^C ends its sleep',
  async () => {
    const page = await openLab(site);
    await page.keyboard.type(`python3 -c 'x = input("who? "); print("hello", x); import time; time.sleep(100)'\n`);
    await waitForScreen(page, /who\?$/, 60_000);
    await page.keyboard.type('world\n');
    await waitForScreen(page, /hello world/, 60_000);
    await page.keyboard.press('Control+c');
    await waitForScreen(page, /KeyboardInterrupt[\s\S]*#$/, 60_000);
    expect(await screen(page)).not.toContain('unexpected exception');
    await page.close();
  },
  TIMEOUT,
);
