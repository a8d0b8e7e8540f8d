/** All cases, by topic: one row, one file. */
import type { Case } from '../case.ts';
import { flags } from './flags.ts';
import { kernels } from './kernels.ts';
import { limits } from './limits.ts';
import { matching } from './matching.ts';
import { namespaces } from './namespaces.ts';
import { permissions } from './permissions.ts';
import { register } from './register.ts';
import { scriptLines } from './script-lines.ts';
import { secondAct } from './second-act.ts';

export const cases: readonly Case[] = [
  ...register,
  ...matching,
  ...scriptLines,
  ...permissions,
  ...secondAct,
  ...namespaces,
  ...kernels,
  ...flags,
  ...limits,
];
