import type { Alias, Plugin } from 'vite';

export const NODE_SHIMS: Alias[];

export function memfsProcess(): Plugin;
export function withoutPathCalls(): Plugin;
