import { describe, expect, it } from 'vitest';
import { encode } from '../../../src/uapi/bytes.ts';
import { IS_ERR } from '../../../src/uapi/errno.ts';
import type { Program } from '../../../src/uapi/syscalls.ts';
import { machine } from '../../support/kernel.ts';

const hello: Program = async (sys) => {
  await sys.write(1, encode('hello\n'));
  return 7;
};

describe('programs', () => {
  it('run, write and exit', async () => {
    const m = machine();
    const r = await m.exec(async (sys, argv, envp) => {
      await sys.write(1, encode(`${argv.join(' ')} ${envp.length}\n`));
      return 3;
    });
    expect(r).toEqual({ stdout: '/bin/inline0 3\n', stderr: '', status: 3 });
  });

  it('execute one another; the caller of execve never resumes', async () => {
    const m = machine({ programs: { '/bin/hello': hello } });
    const r = await m.exec(async (sys) => {
      await sys.execve('/bin/hello', ['hello'], []);
      await sys.write(1, encode('not reached\n'));
      return 0;
    });
    expect(r).toEqual({ stdout: 'hello\n', stderr: '', status: 7 });
  });

  it('fork children and wait for them', async () => {
    const m = machine();
    const r = await m.exec(async (sys) => {
      const pid = sys.clone(0, async (child) => {
        await child.write(1, encode('child\n'));
        return 5;
      });
      if (IS_ERR(pid)) return 1;
      const w = await sys.wait4(-1, 0);
      await sys.write(1, encode(`${IS_ERR(w) ? w.code : `${w.pid === pid} ${w.status}`}\n`));
      return 0;
    });
    expect(r.stdout).toBe('child\ntrue 1280\n');
  });

  it('that throw are ended by SIGABRT and take nobody with them', async () => {
    const m = machine();
    const r = await m.exec(async () => {
      throw new Error('oops');
    });
    expect(r.status).toBe(134);
    expect(r.stderr).toMatch(/unexpected exception: Error: oops/);
    expect((await m.exec(async () => 0)).status).toBe(0);
  });

  it('that throw say what, also in a browser whose stacks do not', async () => {
    const r = await machine().exec(async () => {
      throw Object.assign(new Error('oops'), { stack: 'main@programs.js:1:1' });
    });
    expect(r.stderr).toMatch(/unexpected exception: Error: oops\nmain@programs/);
  });
});
