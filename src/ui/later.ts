/** What a prompt does not wait for, in one piece. */
export { fillKeybar } from './keybar.ts';
export { PanelArea } from './panel-area.ts';
export { showTimeline } from './timeline.ts';
