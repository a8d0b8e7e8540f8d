/** The look of the dialog and of what covers the lab while files hang over it. */
export const styles = `
:host{position:relative}
.file-dialog h3{margin:1rem 0 .4rem;font-size:14px}
.file-dialog h2+h3{margin-top:.2rem}
.file-dialog .field{display:flex;gap:.5rem;align-items:center;flex:1;min-width:0;color:var(--dim);font-size:12.5px;white-space:nowrap}
.file-dialog .field input{flex:1;min-width:0;font:13px var(--mono);color:var(--ink)}
.file-dialog .choose,.file-dialog .down{display:flex;flex-wrap:wrap;gap:.5rem;margin:.5rem 0;align-items:center}
.file-dialog .down .field{flex-basis:15rem}
.file-dialog .down .field input{min-width:8rem}
.file-dialog .note{margin:.3rem 0;color:var(--dim);font-size:12.5px}
.file-dialog .note:empty{display:none}
.file-dialog .busy{display:flex;gap:.6rem;align-items:center;margin:.6rem 0}
.file-dialog .busy label{flex:1;min-width:0;overflow-wrap:anywhere;font-size:12.5px}
.file-dialog progress{display:block;width:100%;accent-color:var(--accent)}
.file-dialog .said{margin:.4rem 0;min-height:1.5em;color:var(--takes)}
.file-dialog .said:empty{min-height:0;margin:0}
.file-dialog .bad,.file-dialog .said.bad{color:var(--refused)}
.file-dialog .outcomes{max-height:12rem;overflow:auto;margin:.3rem 0;padding:.4rem .6rem;list-style:none;border:1px solid var(--line);border-radius:8px;background:var(--bg);font-size:12.5px;overflow-wrap:anywhere}
.file-dialog .outcomes b{color:var(--takes)}
.file-dialog .outcomes .bad b{color:inherit}
.file-dialog .outcomes small{color:var(--dim)}
.file-dialog .end{display:flex;justify-content:flex-end;margin-top:1rem}
.file-drop{position:absolute;inset:0;z-index:20;display:grid;place-content:center;pointer-events:none;background:color-mix(in srgb,var(--bg) 80%,transparent);border:3px dashed var(--accent);color:var(--ink);font:600 16px var(--sans);text-align:center;padding:1rem}
`;
