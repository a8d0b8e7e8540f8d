/** binfmt-lab rule: what it prints and how it ends. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../../../src/cli/args.ts';
import { rule } from '../../../src/cli/rule.ts';

const LUA = ':lua:M::\\x1bLua::/usr/bin/lua:';
const folder = mkdtempSync(join(tmpdir(), 'binfmt-lab-'));
afterAll(() => rmSync(folder, { recursive: true }));
const chunk = join(folder, 'chunk.pyc');
writeFileSync(chunk, '\x1bLuc and so on');

async function run(...argv: string[]): Promise<{ out: string; status: number | string }> {
  let out = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text: unknown, ...rest: unknown[]) => {
    out += String(text);
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  });
  const status = await rule(argv);
  write.mockRestore();
  return { out, status: status instanceof UsageError ? status.message : status };
}

describe('binfmt-lab rule', () => {
  it('explains a line that the kernel takes, and ends with 0', async () => {
    const { out, status } = await run(LUA);
    expect(status).toBe(0);
    expect(out).toContain(`${LUA}\n ~~~ ~  ~~~~~~~  ~~~~~~~~~~~~`);
    expect(out).toMatch(/magic +\\x1bLua +4 bytes: 1b 4c 75 61/);
    expect(out).toContain('kernel lab: accepted (R16)\nLinux 6.18: the same');
    expect(out).toContain(`echo '${LUA}' > /proc/sys/fs/binfmt_misc/register`);
    expect(out).toContain("update-binfmts --install lua /usr/bin/lua --magic '\\x1bLua'");
  });

  it('says what is wrong with a line that the kernel refuses, and ends with 1', async () => {
    const { out, status } = await run(LUA.slice(0, -1), '--kernel', '6.18');
    expect(status).toBe(1);
    expect(out).toContain('kernel 6.18: refused, EINVAL (22) Invalid argument');
    expect(out).toContain('(R13)\n  fix: add : behind the interpreter');
    expect(out).not.toContain('the same');
  });

  it('tells where current Linux would answer otherwise', async () => {
    const { out } = await run(':elf:M::\\x7fELF::/usr/bin/loader:');
    expect(out).toContain('careful: It matches this machine');
    expect(out).toContain('danger: on Linux 6.18: It matches this machine');
    expect((await run(':elf:M::\\x7fELF::/usr/bin/loader:', '--host=aarch64')).out).toContain('(aarch64)');
  });

  it('lays the rule over a file', async () => {
    const { out } = await run('--file', chunk, LUA);
    expect(out).toContain(
      'chunk.pyc: differs at byte 3\n  0000  1b 4c 75 63\n  rule  1b 4c 75 61\n        == == == !!\n  no format takes it: ENOEXEC',
    );
    expect((await run('--file', chunk, ':p:E::pyc::/bin/p:')).out).toContain(
      'chunk.pyc: matches\n  with this rule alone, binfmt_misc takes it',
    );
  });

  it('reads shell commands and says what the shell did to them', async () => {
    const { out, status } = await run("echo -e ':w:M::\\x00asm::/bin/w:' > /proc/sys/fs/binfmt_misc/register");
    expect(status).toBe(1);
    expect(out).toContain(':w:M::<00>asm::/bin/w:<0a>');
    expect(out).toContain('danger: The magic holds a raw zero byte.');
  });

  it('prints one JSON object with --json', async () => {
    const { out, status } = await run('--json', '--file', chunk, LUA);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      line: expect.stringMatching(/^3a6c7561/),
      rule: { name: 'lua', interpreter: '/usr/bin/lua', flags: [], match: { kind: 'magic', magic: '1b4c7561', mask: null } },
      kernels: { lab: { accepted: true, warnings: [] }, '6.18': { accepted: true } },
      file: { name: 'chunk.pyc', matched: false, differsAt: 3, takenBy: null },
    });
    expect(JSON.parse((await run('--json', LUA.slice(0, -1))).out)).toMatchObject({
      rule: null,
      kernels: { lab: { errno: 'EINVAL', rule: 'R13' } },
    });
  });

  it('names bad options, and what cannot be read', async () => {
    expect((await run()).status).toContain('which line?');
    expect((await run('--what')).status).toContain('--what');
    expect((await run(LUA, LUA)).status).toContain('one line at a time');
    expect((await run(LUA, '--kernel', '1.0')).status).toContain('unknown kernel 1.0');
    expect((await run(LUA, '--host', 'vax')).status).toContain("unknown host 'vax'");
    expect((await run(LUA, '--file', join(folder, 'none'))).status).toContain('ENOENT');
    expect((await run('update-binfmts --install a')).status).toContain('cannot be read');
  });
});
