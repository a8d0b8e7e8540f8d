/**
 * The element's own look: two neutral surfaces, one accent, three states, system fonts; light and dark; laid out by the
 * element's own width, so that a column of a docs page gets the phone's layout. Panels use the custom properties only.
 * Linux's fonts stand first: there, each one that is missing costs a question to another process before the prompt.
 */
export const styles = `
:host{display:block;container:lab/inline-size;
--bg:light-dark(#f6f5f2,#0f1214);--panel:light-dark(#fff,#161b1f);--ink:light-dark(#1d2327,#e3e8ea);
--dim:light-dark(#566067,#9aa6ad);--line:light-dark(#d6d3cc,#2b343b);--accent:light-dark(#0b6560,#4fc7bd);--chip:light-dark(#e1f1ef,#12302f);
--on-accent:light-dark(#fff,#0b1716);
--takes:light-dark(#1a6b32,#6fcf83);--takes-bg:light-dark(#dff2e3,#12301b);
--next:light-dark(#7a5300,#e3b341);--next-bg:light-dark(#fbf0d0,#33290d);
--refused:light-dark(#b3261e,#ff8a80);--refused-bg:light-dark(#fbe3e1,#3a1614);
--term:light-dark(#fbfbf9,#15181d);--mono:"DejaVu Sans Mono",ui-monospace,"SF Mono",Menlo,Consolas,monospace;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;
color:var(--ink);background:var(--bg);font:14px/1.45 var(--sans);scrollbar-color:var(--dim) transparent;height:100%;min-height:16rem}
:host([theme=light]){color-scheme:light}
:host([theme=dark]){color-scheme:dark}
*,::before,::after{box-sizing:border-box}
[hidden]{display:none!important}
.lab{position:relative;display:grid;height:100%;min-height:inherit;grid-template:"bar bar bar" auto "lesson screen panels" minmax(0,1fr) "foot foot foot" auto / auto minmax(0,1fr) auto}
header{grid-area:bar;display:flex;gap:.4rem 1rem;align-items:center;padding:.45rem .9rem;background:var(--panel);border-bottom:1px solid var(--line)}
h1{font:700 15px var(--mono);letter-spacing:-.02em;margin:0}
h1 i{color:var(--accent);font-style:normal}
.choices{display:flex;flex-wrap:wrap;gap:inherit;min-height:2rem}
header label{display:flex;gap:.45rem;align-items:center;color:var(--dim);font-size:12.5px}
select,button,input{font:600 12.5px var(--sans);color:var(--ink);background:transparent;border:1px solid var(--line);border-radius:7px;padding:.3rem .6rem;min-height:2rem}
select{background:var(--bg)}
button{cursor:pointer}
button:hover:not(:disabled),select:hover{border-color:var(--accent)}
button:disabled{opacity:.5;cursor:default}
button[aria-pressed=true]{background:var(--chip);border-color:var(--accent);color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
a{color:var(--accent)}
.order{display:flex;gap:.35rem;align-items:center;list-style:none;margin:0;padding:0;min-height:calc(1.2em + .2rem);font:12px/1.2 var(--mono)}
.order li{border-radius:99px;padding:.1rem .6rem;background:var(--chip);color:var(--accent)}
.order li+li{margin-left:1.1rem;position:relative}
.order li+li::before{content:"\\2192";color:var(--dim);position:absolute;left:-1.15rem}
.about{color:var(--dim);font-size:12px;line-height:1.3;min-height:1.3em;flex:1 1 10rem;min-width:0;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}
.actions{display:flex;gap:.4rem;min-height:2rem;margin-left:auto}
.lesson{grid-area:lesson;width:18rem;overflow:auto;background:var(--panel);border-right:1px solid var(--line)}
.screen{grid-area:screen;display:grid;grid-template-rows:auto minmax(0,1fr) auto;min-height:0;min-width:0;background:var(--term)}
.term-bar{display:flex;align-items:center;gap:.25rem;padding:.2rem .5rem;border-bottom:1px solid var(--line);background:var(--bg)}
.term-bar button{min-height:1.6rem;padding:.05rem .55rem;border-color:transparent;color:var(--dim);font:12px var(--mono);white-space:nowrap}
.term-bar button[aria-selected=true]{color:var(--ink);background:var(--term);border-color:var(--line)}
.term-bar[data-single] .term-close{display:none}
.term-tabs{display:flex;gap:.25rem;overflow-x:auto}
.reader{margin-left:auto}
.find{display:flex;gap:.25rem}
.find input{min-height:1.6rem;padding:.05rem .5rem;font:12px var(--mono);width:9rem;background:var(--term)}
.glass{position:relative;min-height:0;overflow:hidden;padding:.5rem 0 .3rem .8rem}
.xterm-box{height:100%}
.trouble{grid-area:2/1;align-self:start;z-index:5;margin:.6rem;padding:.6rem .9rem;border:1px solid var(--refused);border-radius:9px;background:var(--refused-bg);color:var(--ink)}
.trouble p{margin:0 0 .5rem}
.trouble button{margin-right:.5rem;background:var(--panel)}
.keybar{display:none;gap:.3rem;padding:.3rem .5rem;border-top:1px solid var(--line);background:var(--bg);overflow-x:auto}
.keybar button{flex:1;min-width:2.4rem;min-height:2.4rem;padding:0 .3rem;font:13px var(--mono)}
@media(pointer:coarse){.keybar{display:flex}}
.panels{grid-area:panels;width:clamp(21rem,36cqw,34rem);min-height:0;display:grid;grid-template-rows:auto minmax(0,1fr);border-left:1px solid var(--line)}
.tabs{display:flex;gap:.2rem;padding:0 .7rem;border-bottom:1px solid var(--line);background:var(--panel);overflow-x:auto}
.tabs button{border:0;border-bottom:2px solid transparent;border-radius:0;padding:.55rem .6rem;color:var(--dim);white-space:nowrap}
.tabs button[aria-selected=true]{color:var(--ink);border-color:var(--accent)}
.panel{overflow:auto;padding:.8rem .9rem;min-height:0}
footer{grid-area:foot;display:flex;gap:1rem;align-items:center;padding:.25rem .9rem;border-top:1px solid var(--line);background:var(--panel);color:var(--dim);font-size:12px;min-height:1.9rem}
.timeline{display:flex;gap:.35rem;overflow-x:auto;flex:1;min-width:0;padding:.2rem 0}
.chips{display:flex;gap:.35rem;list-style:none;margin:0;padding:0}
.chip{font:12px var(--mono);font-weight:400;min-height:1.6rem;padding:.1rem .55rem;white-space:nowrap;color:var(--dim)}
.chip .line{display:inline-block;max-width:22ch;overflow:hidden;text-overflow:ellipsis;vertical-align:bottom}
.chip.here{color:var(--ink);border-color:var(--accent)}
.chip.failed,.chip.failed .line{color:var(--refused)}
.chip.future{opacity:.75;border-style:dashed}
.facts{align-self:center;white-space:nowrap}
.go{min-height:1.6rem;padding:.1rem .55rem;font-size:12px;white-space:nowrap}
.status{flex:none;max-width:100%}
dialog{color:var(--ink);background:var(--panel);border:1px solid var(--line);border-radius:10px;width:min(36rem,calc(100vw - 2rem));padding:1rem 1.2rem;font:14px/1.5 var(--sans)}
dialog::backdrop{background:rgb(0 0 0/.45)}
dialog h2{margin:.2rem 0 .6rem;font-size:16px}
dialog code,kbd{font:12px var(--mono);background:var(--bg);border:1px solid var(--line);border-radius:4px;padding:0 .3rem;overflow-wrap:anywhere}
dialog li{margin:.3rem 0}
dialog .buttons{display:flex;flex-direction:row-reverse;gap:.5rem;justify-content:flex-start;margin-top:1rem}
dialog .field{display:grid;gap:.2rem;margin:.6rem 0;color:var(--dim);font-size:12.5px}
dialog .field input,dialog pre{width:100%;font:12px/1.5 var(--mono)}
dialog pre{max-height:14rem;overflow:auto;padding:.5rem .7rem;border-radius:7px;background:var(--bg);border:1px solid var(--line)}
.dim{color:var(--dim)}
.problem{color:var(--refused)}
dialog .doc{margin-right:.8rem;white-space:nowrap}
dialog .check{display:flex;gap:.5rem;align-items:center}
dialog .check input{min-height:auto}
.keys{display:grid;grid-template-columns:auto 1fr;gap:.25rem .8rem;align-items:baseline}
.keys dd{margin:0}
button.primary,dialog .buttons button:first-child{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.actions,.tabs,.timeline,.keybar,.term-tabs{scrollbar-width:thin}
@container lab (max-width:1399px){
header{flex-wrap:wrap}
.about{flex-basis:100%;-webkit-line-clamp:1}
}
@container lab (max-width:1099px){
.lab{grid-template:"bar bar" auto "lesson panels" auto "screen panels" minmax(0,1fr) "foot foot" auto / minmax(0,1fr) auto}
.lesson{width:auto;max-height:40cqh;border-right:0;border-bottom:1px solid var(--line)}
}
@container lab (max-width:759px){
.lab{display:block;overflow:auto}
header{padding:.4rem .6rem;gap:.35rem .5rem}
.word{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
header select{padding:.2rem .35rem}
.about{display:none}
.order{flex-basis:100%}
.actions{margin-left:0;width:100%;min-height:calc(2rem + 2px);overflow-x:auto;padding-bottom:2px}
.actions button{flex:none}
.lesson{max-height:none}
.screen{height:clamp(16rem,60dvh,34rem)}
:host(:not([panels])) .lab{display:grid;grid-template:"bar" auto "lesson" auto "screen" minmax(9rem,1fr) "foot" auto / minmax(0,1fr)}
:host(:not([panels])) .screen{height:auto}
.glass{padding-left:.4rem}
.panels{width:auto;border-left:0;border-top:1px solid var(--line);display:block}
footer{flex-wrap:wrap;gap:.2rem 1rem}
.timeline{flex-basis:100%}
}
@media print{.screen,header .actions,footer{display:none}.lab{display:block}}
@media(prefers-reduced-motion:reduce){*{transition:none!important;animation:none!important;scroll-behavior:auto!important}}
`;
