/** What memfs' core asks of its process: it must not see the host's user, and asking Node for one costs more than a whole file. */
const nobody = { getuid: () => 0, getgid: () => 0, cwd: () => '/', platform: 'linux', emitWarning: () => undefined, env: {} };
export default nobody;
export const createProcess = (): typeof nobody => nobody;
