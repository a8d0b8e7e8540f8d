/**
 * What both machines have when a row of user-rows.txt is run by root: student of Debian's cloud images (in the group sudo, no password of
 * their own, NOPASSWD), and alice, whose password is "secret". Recorded by scripts/record-users.mjs.
 */
const HASH = '$6$saltsalt$TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0U0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1';

export const ADDED: Readonly<Record<string, string>> = {
  '/etc/passwd': 'alice:x:1001:1001::/home/alice:/bin/sh\n',
  '/etc/group': 'alice:x:1001:\n',
  '/etc/shadow': `alice:${HASH}:19518:0:99999:7:::\n`,
};

/** Makes alice where the files above are in place. */
export const SETUP = 'mkdir -p -m 755 /home/alice; chown 1001:1001 /home/alice';

export const ENVIRONMENT = {
  TERM: 'xterm',
  LC_ALL: 'C',
  HOME: '/root',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
};

export const rowsOf = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
