import type { Plugin } from 'vite';

export function memfsProcess(): Plugin;
export function withoutPathCalls(): Plugin;
