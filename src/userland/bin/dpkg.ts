/** dpkg: what can be asked of it here, the architecture and the version. Follows dpkg 1.21.22. */
import { encode } from '../../uapi/bytes.ts';
import type { Program, Syscalls } from '../../uapi/syscalls.ts';
import { machineArch } from '../elf/machine.ts';
import { writeAll } from '../lib/stdio.ts';
import { ARCH } from '../rootfs/arch.ts';

const HINT = '\nType dpkg --help for help about installing and deinstalling packages.\n';
const HELP = `Usage: dpkg [<option>...] <command>

Commands:
  --print-architecture             Print dpkg architecture.
  --print-foreign-architectures    Print allowed foreign architectures.
  --version                        Show the version number.

This machine has no package database; other commands say so.
`;

/** Commands of the real one that need the database. */
const REAL =
  /^(-[iIrPALSlsCcexXfW]|--(install|unpack|record-avail|configure|triggers-only|remove|purge|verify|get-selections|set-selections|clear-selections|update-avail|merge-avail|clear-avail|forget-old-unavail|status|print-avail|listfiles|list|search|audit|yet-to-unpack|predep-package|add-architecture|remove-architecture|compare-versions|contents|info|extract|build|field|control|show))(=|$)/;

export const main: Program = async (sys, argv) => {
  const [action, extra] = argv.slice(1);
  const arch = ARCH[machineArch(sys)].debian;
  if (action === undefined) return await refuse(sys, 'need an action option');
  if (action === '--help' || action === '-?') return await say(sys, 1, HELP, 0);
  if (action === '--version') return await say(sys, 1, `Debian 'dpkg' package management program version 1.21.22 (${arch}).\n`, 0);
  if (action === '--print-architecture' || action === '--print-foreign-architectures') {
    if (extra !== undefined) return await refuse(sys, `${action} takes no arguments`);
    return await say(sys, 1, action === '--print-architecture' ? `${arch}\n` : '', 0);
  }
  if (REAL.test(action)) return await say(sys, 2, `dpkg: error: ${action}: there is no package database in the lab\n`, 2);
  return await refuse(sys, action.startsWith('-') ? `unknown option ${action}` : 'need an action option');
};

async function refuse(sys: Syscalls, what: string): Promise<number> {
  return await say(sys, 2, `dpkg: error: ${what}\n${HINT}`, 2);
}

async function say(sys: Syscalls, fd: number, text: string, status: number): Promise<number> {
  await writeAll(sys, fd, encode(text));
  return status;
}
