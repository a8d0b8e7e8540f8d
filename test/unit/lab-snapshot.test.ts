import { describe, expect, it } from 'vitest';
import { boot, type LabSnapshot } from '../../src/lab/index.ts';

const sh = async (lab: Awaited<ReturnType<typeof boot>>, script: string): Promise<string> => {
  const { stdout, stderr } = await lab.run(script);
  return stdout.text + stderr.text;
};
const again = (snapshot: LabSnapshot) => boot({ snapshot: structuredClone(snapshot) });

describe('a snapshot', () => {
  it('keeps modes, owners, times, links, devices and fifos', async () => {
    const lab = await boot();
    await lab.run(`cd /root; echo text > f; ln f g; ln -s f s; mkfifo p; chown 1000:50 f; chmod 4750 f; touch -d 2001-02-03 f
      mkdir -m 1777 d; hostname frozen`);
    const look = `cd /root; stat -c '%n %a %u:%g %h %s %F %Y %i' f g s p d /dev/null /usr/bin/ls; cat g; hostname; find / -xdev | wc -l`;
    const before = await sh(lab, look);
    expect(before).toContain('f 4750 1000:50 2 5 regular file');
    expect(await sh(await again(lab.snapshot()), look)).toBe(before);
  });

  it('is not changed by what either machine writes afterwards', async () => {
    const lab = await boot();
    await lab.run('cd /root; echo original > f; echo 123456789 > cut; yes | head -c 9000 > long');
    const snapshot = lab.snapshot();
    const one = await boot({ snapshot });
    const two = await boot({ snapshot });
    const write = `cd /root; printf new 1<> f; : > cut; echo more >> cut; echo more >> long; rm -r samples`;
    for (const machine of [lab, one]) {
      await machine.run(write);
      expect(await sh(machine, 'cat /root/f /root/cut; wc -c < /root/long; ls -d /root/samples')).not.toContain('original');
    }
    for (const machine of [two, await boot({ snapshot })])
      expect(await sh(machine, 'cat /root/f /root/cut; wc -c < /root/long; ls -d /root/samples')).toBe(
        'original\n123456789\n9000\n/root/samples\n',
      );
  });

  it('shares contents with the machine until it writes', async () => {
    const lab = await boot({ files: { '/root/big': new Uint8Array(1 << 20) } });
    lab.snapshot();
    const find = (s: LabSnapshot): unknown =>
      s.machine.supers.flatMap((f) => f.nodes ?? []).find((n) => n.chunks?.length === 16)?.chunks?.[3];
    expect(find(lab.snapshot())).toBe(find(lab.snapshot()));
  });

  it('keeps mounts: tmpfs with its options and files, bind mounts of files and directories, stacked and moved ones', async () => {
    const lab = await boot();
    await lab.run(`mkdir /a /b /c; mount -t tmpfs -o size=64k,mode=750,noexec own /a; echo in > /a/x; mkdir /a/sub; echo sub > /a/sub/y
      mount --bind /a/sub /b; mount --bind /a/x /etc/issue; mount -t tmpfs over /b; echo top > /b/z; mkdir /a/m; mount -t tmpfs late /c
      mount --move /c /a/m; echo moved > /a/m/w; umount /proc/sys/fs/binfmt_misc`);
    const look = `mount; cat /a/x /a/sub/y /b/z /etc/issue /a/m/w; ls /b /proc/sys/fs/binfmt_misc; umount /b; cat /b/y`;
    const snapshot = lab.snapshot();
    expect(await sh(await again(snapshot), look)).toBe(await sh(lab, look));
  });

  it('keeps rules in their order, with their state; F goes on to hold the file it had, even one without a name', async () => {
    const lab = await boot();
    await lab.run(`cd /proc/sys/fs/binfmt_misc; echo ':one:M::one::/usr/bin/cat:' > register; echo ':two:E::two::/usr/bin/cat:P' > register
      cp /usr/bin/echo /root/interp; echo ':pin:M::pin::/root/interp:F' > register; rm /root/interp
      echo ':held:M::held::/usr/bin/echo:F' > register; echo 0 > two; printf 'pin\n' > /root/p; printf 'held\n' > /root/h; chmod +x /root/?`);
    const look = `cd /proc/sys/fs/binfmt_misc; ls -U; cat status one two pin held; cd /root; ./p 1; ./h 2; echo x > /usr/bin/echo`;
    const before = await sh(lab, look);
    expect(before).toContain('./p 1\n');
    expect(await sh(await again(lab.snapshot()), look)).toBe(before);
  });

  it('remembers kernel and host, and lets the caller choose others', async () => {
    const snapshot = (await boot({ kernel: '6.18', host: 'aarch64', hostname: 'h' })).snapshot();
    const lab = await again(snapshot);
    expect(await sh(lab, 'uname -m; uname -r; hostname')).toBe(`aarch64\n${lab.release}\nh\n`);
    expect(lab.kernel).toBe('6.18');
    expect((await boot({ snapshot, kernel: 'lab', host: 'x86_64' })).kernel).toBe('lab');
  });

  it('can be taken of a machine that came from one', async () => {
    const first = await boot();
    await first.run('echo 1 > /root/n');
    const second = await again(first.snapshot());
    await second.run('echo 2 >> /root/n');
    expect(await sh(await again(second.snapshot()), 'cat /root/n; ls /dev/pts /proc/self/fd > /dev/null && echo ok')).toBe('1\n2\nok\n');
  });
});
