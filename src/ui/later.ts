/** What a prompt does not wait for, in one piece. */
export { aboutKernel, Bar } from './bar.ts';
export { addFind } from './find.ts';
export { fillKeybar } from './keybar.ts';
export { PanelArea } from './panel-area.ts';
export { showTimeline } from './timeline.ts';
export { watch } from './watchdog.ts';
