/** All cases, by topic: one row, one file. */
import type { Case } from '../case.ts';
import { register } from './register.ts';

export const cases: readonly Case[] = [...register];
