/** The panel's look. */
export const styles = `
.world{font-size:13px;container:world/inline-size;overflow-wrap:anywhere}
.world p{margin:0 0 .5rem}
.world h2{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:1.1rem 0 .3rem;font-size:14px}
.world h2:focus{outline:none}
.world h2 button{margin-left:auto}
.world h3{margin:.9rem 0 .3rem;font-size:12.5px}
.world button{min-height:1.75rem;padding:.1rem .55rem;font-size:12px}
.world .head{display:flex;gap:.5rem;align-items:baseline;justify-content:space-between;color:var(--dim)}
.world .head p{margin:0}
.world .head button{flex:none}
.world .said{min-height:1.45em;margin:.2rem 0 -.5rem;color:var(--takes)}
.world .said.bad{color:var(--refused)}
.world .none,.world .where{color:var(--dim)}
.world .none button{margin-left:.3rem}
.world code{font:12px var(--mono)}
.world .scroll{overflow-x:auto;background:var(--panel);border:1px solid var(--line);border-radius:8px}
.world table{border-collapse:collapse;width:100%}
.world caption{text-align:left;color:var(--dim);font-size:12px;padding:.4rem .6rem;caption-side:bottom;border-top:1px solid var(--line)}
.world th,.world td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line);font-weight:400}
.world tbody tr:last-child>*{border-bottom:0}
.world thead th{color:var(--dim);font-size:12px;white-space:nowrap}
.world thead th small{display:block}
.world .name{font:600 12.5px var(--mono)}
.world .nth{display:inline-block;min-width:1.4em;margin-right:.35em;border-radius:99px;background:var(--chip);color:var(--accent);font:11px/1.5 var(--mono);text-align:center}
.world .off .name,.world .off td{color:var(--dim)}
.world .tag{border-radius:6px;padding:0 .4rem;font:600 11px/1.6 var(--mono);white-space:nowrap}
.world th .tag{margin-left:.35rem}
.world .tag.yes{background:var(--takes-bg);color:var(--takes)}
.world .tag.no{background:var(--next-bg);color:var(--next)}
.world .kind{color:var(--dim);font-size:11.5px;white-space:nowrap}
.world .runs{display:block;margin-top:.15rem}
.world .runs .path{color:var(--dim)}
.world tbody th{min-width:7.5rem}
.world .flag{display:inline-block;margin-left:.3rem;border:1px solid var(--line);border-radius:5px;padding:0 .3rem;font:600 11px/1.5 var(--mono);text-decoration:none;cursor:help}
.world .bytes{display:flex;flex-wrap:wrap;gap:2px;margin-top:2px;min-width:9.5rem;font:11px/1.35 var(--mono)}
.world .byte{background:var(--takes-bg);color:var(--takes);border-radius:3px;padding:0 2px;text-align:center}
.world .byte small{display:block;min-height:1.35em;font-size:10px;color:inherit}
.world .byte.masked{color:var(--dim);background:repeating-linear-gradient(135deg,transparent 0 3px,var(--line) 3px 4px)}
.world td.buttons{width:1%}
.world td.buttons button{display:block;width:100%;white-space:nowrap}
.world td.buttons button+button{margin-top:.25rem}
.world .matrix th[scope=col]{font:600 12px var(--mono);color:var(--ink)}
.world .matrix th[scope=col] small{font:11px var(--mono);color:var(--dim)}
.world .matrix tbody th,.world .matrix td{min-width:8.5rem}
.world .matrix tbody th code{display:block;color:var(--dim)}
.world .matrix .pids{color:var(--dim);font:11.5px/1.5 var(--mono)}
.world .pids span{display:block}
.world .answer{font-weight:600;white-space:nowrap}
.world .answer.yes{color:var(--takes)}
.world .answer.no{color:var(--refused)}
.world .answer.depends{color:var(--next)}
.world .why{display:block;color:var(--dim);font-size:11.5px;line-height:1.35}
.world .tree{padding:.4rem .6rem;font:12px/1.7 var(--mono)}
.world .tree ul{list-style:none;margin:0;padding:0}
.world .tree ul ul{margin-left:.5rem;padding-left:.9rem;border-left:1px solid var(--line)}
.world .tree li{white-space:nowrap}
.world .tree small{color:var(--dim);font:11.5px var(--sans)}
@container world (max-width:27rem){
.world th,.world td{padding:.35rem .4rem}
.world .bytes{min-width:4.6rem}
.world tbody th{min-width:6rem}
}
.world .pid{color:var(--dim);display:inline-block;min-width:1.4em}
`;
