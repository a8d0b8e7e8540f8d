/** binfmt-lab lesson: what lessons there are, and whether they work. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText, type Lesson, LessonErrors } from '../lessons/lesson.ts';
import { parseLesson } from '../lessons/parse.ts';
import { type Proof, proveLesson } from '../lessons/prove.ts';
import { compareRecording, parseRecording, RECORDING, type Recording } from '../lessons/recording.ts';
import { UsageError } from './args.ts';
import { HostFileError } from './copy.ts';
import { type Folder, readFolder, shippedFolders } from './lesson-folder.ts';
import { bootForLesson } from './lesson-machine.ts';
import { Linux } from './lesson-real.ts';

export const LESSON_HELP = `usage: binfmt-lab lesson list
       binfmt-lab lesson test [--real] [--record] [DIR]...

  list      the lessons that come with this version
  test      proves every step of the lessons in the folders DIR, or of all that
            come along: the goal is not reached before, and by the solution it
            is; hints, checks and blocks run and are quiet. A lesson that says
            "real": true has to do the same on Linux: its recording is compared.
            Status 0 if all hold, 1 if not.

  --real    asks this machine's own Linux as well (6.7 or later, as root; in
            namespaces of its own, where / is read-only)
  --record  keeps what it answered in DIR/${RECORDING}

docs/lessons.md says how to write one.
`;

/** What is compared with a real kernel is this row. */
const REAL_ROW = '6.18';

interface TestOptions {
  readonly real: boolean;
  readonly record: boolean;
  readonly dirs: readonly string[];
}

type Say = (line: string) => void;

export async function lesson(argv: readonly string[]): Promise<number | UsageError> {
  const [what, ...rest] = argv;
  const say: Say = (line) => void process.stdout.write(`${line}\n`);
  if (argv.includes('--help') || argv.includes('-h')) return help();
  if (what === 'list') return rest.length > 0 ? new UsageError('lesson list takes no arguments') : list(say);
  if (what !== 'test') return new UsageError(what === undefined ? 'lesson: list or test?' : `lesson: unknown '${what}': list or test`);
  const options = parseTest(rest);
  return options instanceof UsageError ? options : test(options, say);
}

function help(): number {
  process.stdout.write(LESSON_HELP);
  return 0;
}

function parseTest(argv: readonly string[]): TestOptions | UsageError {
  const dirs = argv.filter((a) => !a.startsWith('-'));
  const record = argv.includes('--record');
  const unknown = argv.find((a) => a.startsWith('-') && a !== '--real' && a !== '--record');
  if (unknown !== undefined) return new UsageError(`lesson test: unknown option '${unknown}'`);
  if (record && dirs.length === 0) return new UsageError('lesson test --record wants the folders: DIR...');
  return { real: record || argv.includes('--real'), record, dirs };
}

async function list(say: Say): Promise<number> {
  for (const { id, files } of await shippedFolders()) {
    const found = parseLesson(id, files);
    if (found instanceof LessonErrors) continue;
    say(`${id.padEnd(14)}${found.title} (${found.steps.length} steps${found.minutes === null ? '' : `, ${found.minutes} min`})`);
  }
  return 0;
}

async function test(options: TestOptions, say: Say): Promise<number> {
  try {
    const folders = options.dirs.length === 0 ? await shippedFolders() : await Promise.all(options.dirs.map(readFolder));
    let failures = 0;
    for (const folder of folders) failures += await testFolder(folder, options, say);
    say(failures === 0 ? `${folders.length} ${folders.length === 1 ? 'lesson holds' : 'lessons hold'}` : `${failures} faults`);
    return failures === 0 ? 0 : 1;
  } catch (e) {
    if (!(e instanceof HostFileError)) throw e;
    process.stderr.write(`binfmt-lab: ${e.message}\n`);
    return 1;
  }
}

/** The number of faults. */
async function testFolder(folder: Folder, options: TestOptions, say: Say): Promise<number> {
  const found = parseLesson(folder.id, folder.files);
  if (found instanceof LessonErrors) {
    say(folder.id);
    for (const error of found.errors) say(`  ${errorText(error)}`);
    return found.errors.length;
  }
  say(`${found.id}: ${found.title}`);
  let faults = 0;
  for (const kernel of kernels(found)) {
    const proof = await proveLesson(found, () => bootForLesson(found, kernel));
    faults += report(`kernel ${kernel}`, proof, say);
    if (found.real && kernel === REAL_ROW) faults += await testReal(folder, found, proof, options, say);
  }
  return faults;
}

/** A lesson that holds on Linux holds on the row that is compared with it, whatever it is shown on. */
function kernels({ kernel, real }: Lesson): string[] {
  const shown = kernel ?? 'lab';
  return real && shown !== REAL_ROW ? [shown, REAL_ROW] : [shown];
}

function report(where: string, { findings, observations }: Proof, say: Say): number {
  for (const { kind, step, message } of findings) say(`  ${where}, step ${step}: ${kind}: ${message}`);
  if (findings.length === 0) say(`  ${where}: ${observations.length} scripts run, all as they should`);
  return findings.length;
}

async function testReal(folder: Folder, found: Lesson, lab: Proof, options: TestOptions, say: Say): Promise<number> {
  let [recording, faults] = [folder.recording === null ? null : parseRecording(folder.recording), 0];
  if (options.real) {
    const linux = await Linux.find();
    if (typeof linux === 'string') throw new HostFileError(linux);
    const proof = await proveLesson(found, async () => linux.boot());
    linux.dispose();
    faults += report(`Linux ${linux.release}`, proof, say);
    recording = { kernel: linux.release, recorded: new Date().toISOString().slice(0, 10), observations: proof.observations };
    if (options.record && faults === 0) await keep(folder, recording, say);
  }
  if (recording === null) say(`  Linux: real-missing: no ${RECORDING}; write it with lesson test --record DIR`);
  return faults + (recording === null ? 1 : compare(recording, lab, say));
}

function compare(recording: Recording, lab: Proof, say: Say): number {
  const differences = compareRecording(recording, lab);
  for (const d of differences) say(`  Linux: real-differs: ${d}`);
  if (differences.length === 0) say(`  Linux ${recording.kernel}, recorded ${recording.recorded}: answers alike`);
  return differences.length;
}

async function keep(folder: Folder, recording: Recording, say: Say): Promise<void> {
  await writeFile(join(folder.dir, RECORDING), `${JSON.stringify(recording, null, 1)}\n`);
  say(`  ${join(folder.dir, RECORDING)} written`);
}
