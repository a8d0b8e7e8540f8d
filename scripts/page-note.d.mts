import type { Plugin } from 'vite';
export function pageNote(): Plugin;
