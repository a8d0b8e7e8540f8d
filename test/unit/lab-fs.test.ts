import { describe, expect, it } from 'vitest';
import { nodeEnvironment } from '../../src/lab/environment-node.ts';
import { boot } from '../../src/lab/index.ts';
import { Lab } from '../../src/lab/lab.ts';

const text = async (lab: Lab, script: string): Promise<string> => {
  const { stdout, stderr } = await lab.run(script);
  return stdout.text + stderr.text;
};

describe('lab.fs', () => {
  it('sees what programs write, and programs see what it writes', async () => {
    const lab = await boot();
    await lab.run('echo from bash > /root/a; ln -s a /root/link; mkdir /root/d');
    expect(lab.fs.readFileSync('/root/a', 'utf8')).toBe('from bash\n');
    expect(lab.fs.readFileSync('/root/link', 'utf8')).toBe('from bash\n');
    expect(lab.fs.statSync('/root/d').isDirectory()).toBe(true);
    lab.fs.writeFileSync('/root/b', 'from fs\n');
    lab.fs.appendFileSync('/root/a', 'and fs\n');
    expect(await text(lab, 'cat a b')).toBe('from bash\nand fs\nfrom fs\n');
  });

  it('removes, renames, makes directories and links under names that the kernel has looked up already', async () => {
    const lab = await boot();
    await lab.run('mkdir d; echo 1 > d/one; echo 2 > two; cat d/one two; ls d');
    lab.fs.unlinkSync('/root/two');
    lab.fs.renameSync('/root/d', '/root/e');
    lab.fs.mkdirSync('/root/new/deep', { recursive: true });
    lab.fs.symlinkSync('../e/one', '/root/new/link');
    expect(await text(lab, 'cat two; ls; cat e/one new/link; ls d')).toBe(
      "e\nnew\nsamples\n1\n1\ncat: two: No such file or directory\nls: cannot access 'd': No such file or directory\n",
    );
    await lab.run('rm e/one; mv new moved; echo again > two');
    expect(lab.fs.existsSync('/root/e/one')).toBe(false);
    expect(lab.fs.readdirSync('/root/moved')).toEqual(['deep', 'link']);
    expect(lab.fs.readFileSync('/root/two', 'utf8')).toBe('again\n');
  });

  it('is not there without memfs, and says so', () => {
    const { memfs: _, ...browserLike } = nodeEnvironment;
    expect(() => new Lab({}, browserLike).fs).toThrow('lab.fs: memfs is only at hand in Node');
  });
});

describe('machines in one process', () => {
  it('do not influence each other', async () => {
    const [one, two] = await Promise.all([boot(), boot()]);
    await Promise.all([
      one.run(
        "echo ':r:M::xy::/usr/bin/cat:' > /proc/sys/fs/binfmt_misc/register; echo x > /root/x; echo y >> /etc/issue; rm /usr/bin/ls; hostname one",
      ),
      two.run('true'),
    ]);
    expect(await text(two, 'ls /proc/sys/fs/binfmt_misc /root; cat /etc/issue; hostname')).toBe(
      await text(await boot(), 'ls /proc/sys/fs/binfmt_misc /root; cat /etc/issue; hostname'),
    );
  });

  it('leave no timer behind once disposed of', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((r) => r === 'Timeout' || r === 'Immediate').length;
    const before = timers();
    const lab = await boot();
    void lab.run('sleep 1000 & sleep 1000');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(timers()).toBeGreaterThan(before);
    lab.dispose();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
