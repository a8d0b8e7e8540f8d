/** The element's own look: two neutral surfaces, one accent, system fonts; light, dark, and down to 320 px. */
export const styles = `
:host{display:block;--bg:light-dark(#f6f5f2,#0f1214);--panel:light-dark(#fff,#161b1f);--ink:light-dark(#1d2327,#e3e8ea);
--dim:light-dark(#566067,#9aa6ad);--line:light-dark(#d6d3cc,#2b343b);--accent:light-dark(#0b6560,#4fc7bd);--chip:light-dark(#e1f1ef,#12302f);
--term:light-dark(#fbfbf9,#15181d);--mono:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;
color-scheme:light dark;color:var(--ink);background:var(--bg);font:14px/1.45 var(--sans);height:100%;min-height:16rem}
:host([theme=light]){color-scheme:light}
:host([theme=dark]){color-scheme:dark}
*{box-sizing:border-box}
.lab{display:grid;grid-template-rows:auto minmax(0,1fr) auto;height:100%;min-height:inherit}
header{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center;padding:.5rem .9rem;background:var(--panel);border-bottom:1px solid var(--line)}
h1{font:700 15px var(--mono);letter-spacing:-.02em;margin:0}
h1 i{color:var(--accent);font-style:normal}
label{display:flex;gap:.45rem;align-items:center;color:var(--dim);font-size:12.5px}
select,button{font:600 12.5px var(--sans);color:var(--ink);background:var(--bg);border:1px solid var(--line);border-radius:7px;padding:.3rem .6rem;min-height:2rem}
button{cursor:pointer;background:transparent}
button:hover,select:hover{border-color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.order{display:flex;gap:.35rem;align-items:center;list-style:none;margin:0;padding:0;font:12px var(--mono)}
.order li{border-radius:99px;padding:.1rem .6rem;background:var(--chip);color:var(--accent)}
.order li+li{margin-left:1.1rem;position:relative}
.order li+li::before{content:"\\2192";color:var(--dim);position:absolute;left:-1.15rem}
.space{flex:1}
.actions{display:flex;gap:.4rem;flex-wrap:wrap}
.screen{position:relative;background:var(--term);padding:.6rem 0 .4rem .8rem;min-height:0;overflow:hidden}
.xterm-box{height:100%}
footer{display:flex;gap:1rem;padding:.3rem .9rem;border-top:1px solid var(--line);background:var(--panel);color:var(--dim);font-size:12px;min-height:1.8rem}
dialog{color:var(--ink);background:var(--panel);border:1px solid var(--line);border-radius:10px;max-width:34rem;padding:1rem 1.2rem}
dialog::backdrop{background:rgb(0 0 0/.45)}
dialog h2{margin:.2rem 0 .6rem;font-size:16px}
dialog code,dialog kbd{font:12px var(--mono);background:var(--bg);border:1px solid var(--line);border-radius:4px;padding:0 .3rem;overflow-wrap:anywhere}
dialog li{margin:.3rem 0}
.poster{display:grid;place-content:center;justify-items:center;gap:.8rem;height:100%;color:var(--dim);text-align:center;padding:1rem}
.start{color:var(--ink);border-color:var(--accent);padding:.5rem 1.1rem;font-size:14px}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(max-width:640px){header{padding:.4rem .6rem;gap:.35rem .6rem}.space{display:none}.order{order:9;width:100%}.screen{padding-left:.4rem}}
`;
