import type { Plugin } from 'vite';
export function preloadHints(): Plugin;
