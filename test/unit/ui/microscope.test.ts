/** One execve as stations: real traces of a lab, every verdict, and whatever part of the events is left. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../../src/uapi/trace.ts';
import type { Execution } from '../../../src/ui/executions.ts';
import type { Model, Station } from '../../../src/ui/panels/microscope/model.ts';
import { quoted } from '../../../src/ui/panels/microscope/next.ts';
import { reduce } from '../../../src/ui/panels/microscope/reduce.ts';
import { asText, overlaySentence, plain } from '../../../src/ui/panels/microscope/text.ts';
import { executions, ofPath } from './microscope-support.ts';

const REGISTER = '> /proc/sys/fs/binfmt_misc/register';

const brief = ({ title, verdict, facts, rules }: Station): string => `${title}|${verdict}|${facts.map(plain).join('; ')}|${rules.join()}`;
const at = (model: Model, kind: Station['kind'], level = 0): Station => {
  const found = model.levels.find((l) => l.level === level)?.stations.find((s) => s.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} at level ${level}`);
  return found;
};
const fmt = (model: Model, title: string, level = 0): Station | undefined =>
  model.levels.find((l) => l.level === level)?.stations.find((s) => s.title === title);
const see = async (script: string, path: string, kernel = 'lab'): Promise<Model> =>
  reduce(ofPath(await executions(script, { kernel }), path));

describe('a file that nobody takes', () => {
  let model: Model;
  beforeAll(async () => {
    model = await see('chmod +x samples/luac.out; samples/luac.out', 'samples/luac.out');
  });

  it('is told station by station, each with its rule and the bytes that decided', () => {
    expect(model.stations.map(brief)).toEqual([
      'Path and permissions|passed|/root/samples/luac.out · regular file · the mount allows execution · mode 0755 allows it · nobody writes to it; 1 argument, 6 environment strings; room for 2096939 more bytes|X1,X5,X3',
      'The first 256 bytes|passed|/root/samples/luac.out · 108 bytes, then zeros|D4',
      'ELF|next|bytes 0–3 are 1b 4c 75 61, not 7f 45 4c 46|E1',
      '#!|next|bytes 0–1 are 1b 4c, not 23 21|S1',
      'binfmt_misc|next|no rule is registered|M2',
      'ENOEXEC (8) Exec format error|refused|no format recognised the file|D6',
    ]);
    expect([model.outcome, model.verdict]).toEqual(['fails', 'ENOEXEC (8) Exec format error']);
  });

  it('names the kernel function of every station', () => {
    expect(model.stations.map((s) => s.where)).toEqual([
      'fs/exec.c do_open_execat',
      'fs/exec.c prepare_binprm',
      'fs/binfmt_elf.c load_elf_binary',
      'fs/binfmt_script.c load_script',
      'fs/binfmt_misc.c load_misc_binary',
      'fs/exec.c search_binary_handler',
    ]);
  });

  it('numbers the stations through', () => {
    expect(model.stations.map((s) => s.n)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('marks the bytes that decided against it', () => {
    const { window } = at(model, 'window');
    expect(window?.overlays.map((o) => [o.who, o.cells.map((c) => c.state).join(' ')])).toEqual([
      ['ELF', 'differs differs differs differs'],
      ['#!', 'differs differs'],
    ]);
  });
});

describe('a rule of binfmt_misc', () => {
  it('takes the file, and argv changes', async () => {
    const model = await see(
      `cd samples; chmod +x luac.out; echo ':lua:M::\\x1bLua::/usr/bin/lua:' ${REGISTER}; ./luac.out a "b c"`,
      './luac.out',
    );
    const misc = fmt(model, 'binfmt_misc');
    expect(misc?.verdict).toBe('takes');
    expect(misc?.facts.map(plain)).toEqual([
      'rule lua matches',
      'interpreter /usr/bin/lua, looked up from where the caller stands: /usr/bin/lua5.4 over 2 links · regular file · the mount allows execution · mode 0755 allows it · nobody writes to it',
    ]);
    expect(misc?.argv?.after).toEqual([
      { text: '/usr/bin/lua', changed: true },
      { text: './luac.out', changed: false },
      { text: 'a', changed: false },
      { text: 'b c', changed: false },
    ]);
    expect(misc?.notice?.text).toBe('binfmt_misc is asked first. Here the answer is the same: only one format wants this file.');
    expect(model.levels.map((l) => l.name)).toEqual(['./luac.out', '/usr/bin/lua']);
    expect(model.verdict).toBe('0 · runs /usr/bin/lua');
    expect(at(model, 'image', 1).auxv?.map((r) => `${r.name}=${r.value}`)).toEqual([
      'AT_EXECFN=./luac.out',
      'AT_PLATFORM=x86_64',
      'AT_ENTRY=0x5555555542c0',
    ]);
  });

  it('is laid over the window: matching, masked out, deciding, and not compared any more', async () => {
    const line = `:m:M:1:\\x4c\\x00\\x61\\xff:\\xff\\x00\\xff\\xff:/bin/true:`;
    const model = await see(`cd samples; chmod +x luac.out; echo '${line}' ${REGISTER}; ./luac.out`, './luac.out');
    const { window } = at(model, 'window');
    const overlay = window?.overlays.find((o) => o.who === 'm');
    expect(overlay?.cells.map((c) => `${c.at} ${c.state}`)).toEqual(['1 match', '2 masked', '3 match', '4 differs']);
    expect(window?.overlays[window.first]?.who).toBe('m');
    if (window === undefined || overlay === undefined) return;
    expect(overlaySentence(overlay, window)).toBe('rule m looks at bytes 1 to 4, not comparing 2: byte 4 is 54, wanted is ff');
    const early = await see(`cd samples; chmod +x luac.out; echo ':m:M::\\x1bXua::/bin/true:' ${REGISTER}; ./luac.out`, './luac.out');
    expect(
      at(early, 'window')
        .window?.overlays.at(-1)
        ?.cells.map((c) => c.state),
    ).toEqual(['match', 'differs', 'unread', 'unread']);
  });

  it('shows among many only those that tell something', async () => {
    const many = `for i in {1..60}; do echo ":r$i:M::\\x7f$i::/bin/true:" ${REGISTER}; done; echo ':near:M::\\x1bLux::/bin/true:' ${REGISTER}`;
    const model = await see(
      `${many}; echo ':off:E::out::/bin/true:' ${REGISTER}; echo 0 > /proc/sys/fs/binfmt_misc/off; chmod +x samples/luac.out; samples/luac.out`,
      'samples/luac.out',
    );
    const probes = fmt(model, 'binfmt_misc')?.probes;
    expect(probes?.all.length).toBe(62);
    expect(probes?.telling.map((p) => `${p.rank} ${p.name} ${p.verdict}`)).toEqual(['1 off disabled', '2 near differs']);
    expect(at(model, 'errno').next?.command).toBe('echo 1 > /proc/sys/fs/binfmt_misc/off');
  });

  it('tells what its flags do', async () => {
    const model = await see(`cd samples; chmod +x luac.out; echo ':lua:M::\\x1bLua::/bin/true:OCPF' ${REGISTER}; ./luac.out`, './luac.out');
    const flags = fmt(model, 'binfmt_misc')
      ?.facts.map(plain)
      .filter((f) => f.startsWith('flag'));
    expect(flags).toHaveLength(4);
    expect(at(model, 'image', 1).auxv?.map((r) => r.name)).toEqual(expect.arrayContaining(['AT_EXECFD', 'AT_FLAGS']));
  });
});

describe('the order of formats', () => {
  const script = `echo ':foo:E::foo::/usr/bin/uname:' ${REGISTER}; printf '#!/bin/true -x\\n' > s.foo; chmod +x s.foo; ./s.foo`;

  it('is told where it decided, with what Linux does today', async () => {
    const lab = fmt(await see(script, './s.foo'), '#!');
    expect([lab?.verdict, lab?.notice?.title, lab?.notice?.text]).toEqual([
      'takes',
      'On Linux today',
      'binfmt_misc is asked first and takes this file: its rule foo hands it to /usr/bin/uname. Here #! came before it.',
    ]);
    const linux = fmt(await see(script, './s.foo', '6.18'), 'binfmt_misc');
    expect([linux?.verdict, linux?.notice?.title, linux?.notice?.text]).toEqual([
      'takes',
      'As on Linux today',
      'binfmt_misc is asked first and takes this file. #! would have taken it, too.',
    ]);
  });

  it('is no word where one format wants the file', async () => {
    const model = await see(`printf '#!/bin/true\\n' > s; chmod +x s; ./s`, './s', '6.18');
    expect(model.stations.every((s) => s.notice === undefined)).toBe(true);
  });
});

describe('levels', () => {
  it('follow each other: a script, its interpreter that is a script, a program', async () => {
    const model = await see(`printf '#!/bin/true -x\\n' > a; printf '#!./a\\n' > b; chmod +x a b; ./b`, './b');
    expect(model.levels.map((l) => `${l.level} ${l.name}`)).toEqual(['0 ./b', '1 ./a', '2 /bin/true']);
    expect(fmt(model, '#!', 1)?.argv?.after.map((c) => c.text)).toEqual(['/bin/true', '-x', './a', './b']);
    expect(fmt(model, 'ELF', 2)?.facts.map(plain)[1]).toMatch(/^interpreter \/lib64\/ld-linux-x86-64\.so\.2, looked up/);
  });

  it('end with the one too many', async () => {
    const model = await see(`printf '#!./self\\n' > self; chmod +x self; ./self`, './self');
    expect(model.levels).toHaveLength(6);
    expect(brief(model.stations.at(-1) as Station)).toBe(
      'ELOOP (40) Too many levels of symbolic links|refused|too many interpreters of interpreters|D5',
    );
  });
});

describe('a program', () => {
  it('of another machine is refused by both loaders, with the bytes that say so', async () => {
    const model = await see('samples/hello-aarch64', 'samples/hello-aarch64');
    expect(['ELF', '32-bit ELF'].map((t) => plain(fmt(model, t)?.facts[0] ?? []))).toEqual([
      'bytes 18–19, e_machine, are b7 00: e_machine is 183: this loader takes x86-64 (e_machine 62)',
      'bytes 18–19, e_machine, are b7 00: e_machine is 183: this loader takes i386 (e_machine 3 or 6)',
    ]);
    const { window } = at(model, 'window');
    expect(window?.overlays[0]?.cells.filter((c) => c.state === 'differs').map((c) => c.at)).toEqual([18, 19]);
  });

  it('that cannot live is executed and killed', async () => {
    const model = await see(`head -c 250 samples/hello-x86_64 > cut; chmod +x cut; ./cut`, './cut');
    expect([model.outcome, model.verdict]).toEqual(['dies', '0 · killed at once by SIGSEGV']);
    expect(at(model, 'image').heard?.[0]).toMatchObject({ who: 'bash', text: 'Segmentation fault', status: 139 });
  });

  it('that is cut within its headers is not', async () => {
    const model = await see(`head -c 64 samples/hello-x86_64 > cut; chmod +x cut; ./cut`, './cut');
    expect([model.outcome, fmt(model, 'ELF')?.rules[0]]).toEqual(['fails', 'E8']);
  });
});

describe('the way to the file', () => {
  it('refuses a file without x bit, a missing one, a directory', async () => {
    const list = await executions(
      `samples/hello.py; ./nothing; mkdir d; chmod +x d; ./d; set -- {1..40000}; /bin/true "$@$@$@$@$@$@$@$@$@$@$@$@"`,
    );
    const last = (path: string): string => brief(reduce(ofPath(list, path)).stations.at(-2) as Station);
    expect(last('samples/hello.py')).toBe(
      'Path and permissions|refused|/root/samples/hello.py · regular file · the mount allows execution · mode 0644 forbids it: EACCES|X1',
    );
    expect(last('./nothing')).toBe('Path and permissions|refused|nothing in /root: No such file or directory: ENOENT|X1');
    expect(last('./d')).toBe('Path and permissions|refused|/root/d · directory: EACCES|X1');
    expect(last('/bin/true')).toMatch(/^Arguments and environment\|refused\|\d+ arguments, .* too much\|X3$/);
  });
});

describe('what cannot be seen', () => {
  it('is spelled out: the carriage return at the end of an interpreter', async () => {
    const model = await see('samples/crlf.sh', 'samples/crlf.sh');
    expect(fmt(model, '#!')?.facts.map(plain)[1]).toBe(
      'interpreter /bin/sh\\r, looked up from where the caller stands: sh\\r in /usr/bin: No such file or directory: ENOENT',
    );
    expect(asText(model)).not.toContain('\r');
  });
});

describe('what to do', () => {
  /** Fails, is mended by the one command that the microscope names, and runs. */
  const MENDED: readonly (readonly [what: string, setup: string, path: string])[] = [
    ['a missing x bit', 'cp samples/crlf.sh s; printf "#!/bin/sh\\n" > s; chmod -x s', './s'],
    ['Lua bytecode without a rule', 'chmod +x samples/luac.out', 'samples/luac.out'],
    ['compiled Python without a rule', 'chmod +x samples/hello.pyc', 'samples/hello.pyc'],
    ['carriage returns', 'cp samples/crlf.sh .; chmod +x crlf.sh', './crlf.sh'],
    ['a text without #!', `echo true > 'it is'; chmod +x 'it is'`, './it is'],
    ['a program for another machine', 'cp samples/hello-aarch64 .', './hello-aarch64'],
    ['a disabled rule', `echo ':n:M::NN::/bin/true:' ${REGISTER}; echo 0 > /proc/sys/fs/binfmt_misc/n; echo NN > x; chmod +x x`, './x'],
    [
      'binfmt_misc switched off',
      `echo ':n:M::NN::/bin/true:' ${REGISTER}; echo 0 > /proc/sys/fs/binfmt_misc/status; echo NN > x; chmod +x x`,
      './x',
    ],
  ];
  for (const [what, setup, path] of MENDED) {
    it(`mends ${what}`, async () => {
      const failed = await see(`${setup}; "${path}"`, path);
      const command = failed.stations.at(-1)?.next?.command;
      expect([failed.outcome, typeof command]).toEqual(['fails', 'string']);
      expect((await see(`${setup}; ${command}\n"${path}"`, path)).outcome).toBe('runs');
    });
  }

  it('is typed without any character that would act as a key', () => {
    expect(['a-b/c.d', 'it is', "it's", "a\x03b\r'c\\"].map(quoted)).toEqual([
      'a-b/c.d',
      "'it is'",
      `'it'\\''s'`,
      `$'a\\x03b\\x0d\\'c\\\\'`,
    ]);
  });

  it('frees a machine from a rule that takes its own interpreter', async () => {
    const model = await see(`echo ':e:M::\\x7fELF::/bin/true:' ${REGISTER}; /bin/true`, '/bin/true', '6.18');
    expect([model.verdict, model.stations.at(-1)?.next?.command]).toEqual([
      'ELOOP (40) Too many levels of symbolic links',
      'echo -1 > /proc/sys/fs/binfmt_misc/e',
    ]);
  });
});

describe('the story as text', () => {
  it('is whole', async () => {
    const model = await see(
      `cd samples; chmod +x luac.out; echo ':lua:M::\\x1bLua::/bin/true:P' ${REGISTER}; exec -a zero ./luac.out a`,
      '/root/samples/luac.out',
    );
    expect(asText({ ...model, pid: 7 })).toMatchInlineSnapshot(`
      "execve("/root/samples/luac.out", ["zero","a"])
        in /root/samples, process 7
        0 · runs /bin/true

      Level 0: /root/samples/luac.out
        1. Path and permissions  (fs/exec.c do_open_execat, X1, X5, X3)
           /root/samples/luac.out · regular file · the mount allows execution · mode 0755 allows it · nobody writes to it
           2 arguments, 7 environment strings; room for 2096900 more bytes
        2. The first 256 bytes  (fs/exec.c prepare_binprm, D4)
           /root/samples/luac.out · 108 bytes, then zeros
           0000  1b 4c 75 61 54 00 19 93 0d 0a 1a 0a 04 08 08 78  .LuaT..........x
           0010  56 00 00 00 00 00 00 00 00 00 00 00 28 77 40 01  V...........(w@.
           rule lua looks at bytes 0 to 3: all match
        3. ELF [next]  (fs/binfmt_elf.c load_elf_binary, E1)
           bytes 0–3 are 1b 4c 75 61, not 7f 45 4c 46
        4. #! [next]  (fs/binfmt_script.c load_script, S1)
           bytes 0–1 are 1b 4c, not 23 21
        5. binfmt_misc [takes it]  (fs/binfmt_misc.c load_misc_binary, M7, M3, X1, X5)
           rule lua matches
           interpreter /bin/true, looked up from where the caller stands: /usr/bin/true over 1 link · regular file · the mount allows execution · mode 0755 allows it · nobody writes to it
           flag P: argv[0] stays, behind the name (M7)
           1. lua matches: the bytes from 0 on are those of the magic (M3)
           before  "zero" "a"
           after   "/bin/true" "/root/samples/luac.out" "zero" "a"
           On Linux today: binfmt_misc is asked first. Here the answer is the same: only one format wants this file. (D1)

      Level 1: /bin/true
        6. The first 256 bytes  (fs/exec.c prepare_binprm, D4)
           /usr/bin/true · 1680 bytes in all
           0000  7f 45 4c 46 02 01 01 00 00 00 00 00 00 00 00 00  .ELF............
           0010  03 00 3e 00 01 00 00 00 c0 02 00 00 00 00 00 00  ..>.............
           0020  40 00 00 00 00 00 00 00 d0 03 00 00 00 00 00 00  @...............
           0030  00 00 00 00 40 00 38 00 07 00 40 00 0b 00 0a 00  ....@.8...@.....
           ELF looks: all match
        7. ELF [takes it]  (fs/binfmt_elf.c load_elf_binary, E15, X1, X5)
           headers good for x86-64 (e_machine 62); started through its PT_INTERP
           interpreter /lib64/ld-linux-x86-64.so.2, looked up from where the caller stands: /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 over 3 links · regular file · the mount allows execution · mode 0755 allows it · nobody writes to it
        8. The new program [runs]  (fs/exec.c begin_new_exec, X6)
           /usr/bin/true is the new program, under the name luac.out
           argv    "/bin/true" "/root/samples/luac.out" "zero" "a"
           AT_EXECFN /root/samples/luac.out  the path given to execve, through all rewrites (X6)
           AT_FLAGS 1  argv[0] was kept (flag P, M8)
           AT_PLATFORM x86_64  the machine
           AT_ENTRY 0x5555555542c0  where the program begins
      "
    `);
  });

  it('tells of a refusal how it is heard of and what to do', async () => {
    const text = asText(await see('samples/hello.lua', 'samples/hello.lua'));
    expect(text).toContain("PermissionError: [Errno 13] Permission denied: 'samples/hello.lua'");
    expect(text).toContain('What to do: Set an x bit: root needs one, too.');
    expect(text).toContain('chmod +x samples/hello.lua');
  });
});

describe('events that were lost', () => {
  let list: readonly Execution[] = [];
  beforeAll(async () => {
    const rules = `echo ':lua:M::\\x1bLua::/usr/bin/lua:OC' ${REGISTER}; echo ':foo:E::foo::/usr/bin/uname:P' ${REGISTER}; echo ':d:M:9:x::/d:' ${REGISTER}`;
    list =
      await executions(`cd samples; ${rules}; chmod +x luac.out; ./luac.out; ./hello-aarch64; ./hello-armhf-dyn; ./crlf.sh; ./nothing; ./hello.py
printf '#!./a.foo\\n' > s; printf '#!/bin/sh -x\\n' > a.foo; chmod +x s a.foo; ./s; printf '#!./self' > self; chmod +x self; ./self; head -c 250 hello-x86_64 > cut; chmod +x cut; ./cut`);
  });

  const told = (execution: Execution): void => {
    const model = reduce(execution);
    expect(model.stations.map((s) => s.n)).toEqual(model.stations.map((_, i) => i));
    expect(asText(model)).toContain(model.verdict);
  };
  const endOf = (events: readonly TraceEvent[]): Execution['end'] =>
    events.findLast((e) => e.ev === 'exec_fail' || e.ev === 'sched_process_exec') ?? null;

  it('leave a story of what is left, whichever they are', () => {
    expect(list.length).toBeGreaterThan(10);
    const pick = fc.constantFrom(...list).chain((e) => fc.tuple(fc.constant(e), fc.subarray([...e.events])));
    fc.assert(
      fc.property(pick, ([execution, events]) => told({ ...execution, events, end: endOf(events) })),
      { numRuns: 400 },
    );
  });

  it('may be all but the first so many', () => {
    for (const e of list)
      for (let n = 0; n <= e.events.length; n++) told({ ...e, events: e.events.slice(0, n), end: endOf(e.events.slice(0, n)) });
  });

  it('are said to be lost when the end is among them', () => {
    const [e] = list;
    if (e === undefined) return;
    expect(reduce({ ...e, events: e.events.slice(0, 3), end: null }).stations.at(-1)?.title).toBe('The rest was lost');
  });
});
