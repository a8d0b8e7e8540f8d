/** The panels, in the order of their tabs. A new one is a row here and a folder. */
import type { PanelId, PanelModule } from './panel.ts';

export interface PanelRow {
  readonly id: PanelId;
  readonly label: string;
  readonly load: () => Promise<PanelModule>;
}

export const PANELS: readonly PanelRow[] = [
  { id: 'microscope', label: 'Microscope', load: () => import('./microscope/index.ts') },
  { id: 'world', label: 'World', load: () => import('./world/index.ts') },
  { id: 'workbench', label: 'Rule workbench', load: () => import('./workbench/index.ts') },
];
