/** From a sight of the machine to the panel's model. Pure. */
import type { HostArch } from '../../../uapi/host.ts';
import { parseEntry } from './entry.ts';
import { answerFor } from './interpreter.ts';
import { miscMounts, parseMountinfo } from './mountinfo.ts';
import type { PlaceSight, Sight, TableSight } from './sight.ts';
import { placeId, processesOf } from './tasks.ts';
import { tableOf } from './user-namespaces.ts';
import type { Place, Process, Rule, Table, World } from './world.ts';

export function observe(sight: Sight, host: HostArch): World {
  const processes = processesOf(sight.tasks);
  const places = sight.places.map((place) => placeOf(place, sight, processes));
  const asks = tableOf(sight);
  const tables = sight.tables.map((table) => {
    const here = places.filter((p) => p.processes.some((process) => asks.dev(process.pid) === table.dev));
    return tableFrom(table, asks.owner(table.dev), here, sight, host);
  });
  const roots = [...processes.values()].filter((p) => !processes.has(p.ppid));
  return {
    tables: tables.sort((a, b) => Number(a.userns !== null) - Number(b.userns !== null)),
    places,
    processes: roots,
    more: sight.more,
  };
}

/** "mnt:[4026531841]" without the wrapping. */
const number = (ns: string): string => ns.replace(/^.*\[|\]$/g, '');

function placeOf(place: PlaceSight, { tasks, tables }: Sight, processes: ReadonlyMap<number, Process>): Place {
  const first = tasks.find((t) => t.pid === 1);
  const id = placeId(place);
  const own = [...processes.values()].filter((p) => p.place === id);
  const mount = miscMounts(parseMountinfo(place.mountinfo)).at(-1);
  const status = tables.find((t) => t.dev === mount?.dev)?.status;
  const userns = new Set(tasks.filter((t) => placeId(t) === id && t.user !== first?.user).map((t) => number(t.user)));
  return {
    id,
    title: titleOf(place, first),
    mountpoint: mount?.mountpoint ?? null,
    shown: status === undefined ? null : status === 'enabled' ? 'enabled' : 'disabled',
    userns: [...userns],
    processes: own,
  };
}

function titleOf({ mnt, root }: PlaceSight, first: { mnt: string; root: string } | undefined): string {
  const chroot = root === '/' ? '' : `chroot ${root}`;
  if (mnt === first?.mnt) return chroot === '' ? 'initial' : chroot;
  return `namespace ${number(mnt)}${chroot === '' ? '' : `, ${chroot}`}`;
}

function tableFrom(table: TableSight, owner: string | null, places: readonly Place[], sight: Sight, host: HostArch): Table {
  const { dev, directory, mountpoint, status } = table;
  const rules = table.entries.flatMap(({ name, text }) => ruleFrom(name, text, table, places, sight, host));
  return { id: dev, userns: owner === null ? null : number(owner), enabled: status === 'enabled', directory, mountpoint, rules, places };
}

function ruleFrom(name: string, text: string, table: TableSight, places: readonly Place[], sight: Sight, host: HostArch): Rule[] {
  const entry = parseEntry(text);
  if (entry === null) return [];
  const seen = places.flatMap((place) => sight.places.find((p) => placeId(p) === place.id) ?? []);
  const answers = seen.map((p) => answerFor(entry, p, parseMountinfo(p.mountinfo), sight.places, host));
  const { enabled, match, interpreter, flags } = entry;
  return [{ name, file: `${table.directory}/${name}`, enabled, match, interpreter, flags, answers }];
}
