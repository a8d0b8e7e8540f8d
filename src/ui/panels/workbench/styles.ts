/** The panel's look. Each field has a colour and its name; each state a colour and a mark. */
export const styles = `
.wb{--f-name:light-dark(#0b6560,#4fc7bd);--f-type:light-dark(#6a3fa0,#c4a2f5);--f-offset:light-dark(#7a5300,#e3b341);
--f-magic:light-dark(#1a6b32,#6fcf83);--f-mask:light-dark(#566067,#9aa6ad);--f-interp:light-dark(#1d5fa8,#7db8f7);--f-flags:light-dark(#a0286e,#f48fc2);
font-size:13px;container:wb/inline-size;overflow-wrap:anywhere}
.wb p{margin:.2rem 0}
.wb code,.wb .code{font:12.5px/1.5 var(--mono)}
.wb h3{font-size:14px;margin:1.3rem 0 .4rem}
.wb .top{display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:center;justify-content:space-between;margin-bottom:.35rem}
.wb .top label{font-weight:600}
.wb .examples{max-width:11rem;font-weight:400}
.wb textarea.code{display:block;width:100%;resize:vertical;field-sizing:content;min-height:2.2rem;color:var(--ink);background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:.45rem .6rem;overflow-wrap:anywhere;word-break:break-all}
.wb textarea[aria-invalid=true],.wb input[aria-invalid=true]{border-color:var(--refused)}
.wb .read,.wb .quiet{color:var(--dim);font-size:12px}
.wb .problem{color:var(--refused);font-size:12px;min-height:0}
.wb .problem:empty,.wb .form .read:empty{display:none}
.wb .pieces{display:flex;flex-wrap:wrap;align-items:flex-start;gap:.35rem 1px;margin:.7rem 0 .5rem;padding:.6rem .55rem .5rem;background:var(--panel);border:1px solid var(--line);border-radius:8px}
.wb .unit{display:flex;max-width:100%}
.wb .piece{display:flex;min-width:0;flex-direction:column;min-height:0;border:0;border-radius:4px;padding:.05rem .1rem;font:13px/1.5 var(--mono);text-align:left;max-width:100%;color:var(--c,var(--ink))}
.wb .piece .text{border-bottom:2px solid var(--c,var(--line));overflow-wrap:anywhere;white-space:pre-wrap}
.wb .piece .name{font:10.5px/1.5 var(--sans);color:var(--dim)}
.wb .piece .empty{color:var(--dim);font:italic 11px/1 var(--sans)}
.wb button.piece:hover .text{background:var(--chip)}
.wb .sep{color:var(--dim);padding:.05rem 0}
.wb .raw{border:1px solid var(--refused);border-radius:3px;color:var(--refused);background:var(--refused-bg);font-size:10.5px;padding:0 1px;margin:0 1px}
.wb .piece.name,.wb .dot.name{--c:var(--f-name)}.wb .type{--c:var(--f-type)}.wb .offset{--c:var(--f-offset)}
.wb .magic,.wb .extension{--c:var(--f-magic)}.wb .mask{--c:var(--f-mask)}.wb .interpreter{--c:var(--f-interp)}.wb .flags{--c:var(--f-flags)}.wb .junk{--c:var(--refused)}
.wb .piece.mask .text{border-bottom-style:dashed}
.wb .piece.bad .text{border-bottom:2px wavy;text-decoration:underline wavy var(--refused);text-underline-offset:4px;border-bottom:2px solid var(--refused)}
.wb .piece.bad .name{color:var(--refused);font-weight:600}
.wb .fields{border-collapse:collapse;width:100%;font-size:12.5px}
.wb .fields th,.wb .fields td{text-align:left;vertical-align:top;padding:.2rem .4rem .2rem 0;font-weight:400}
.wb .fields tbody th{white-space:nowrap;color:var(--dim);width:1%}
.wb .fields tr.blamed td{color:var(--refused)}
.wb .dot{display:inline-block;width:.55rem;height:.55rem;border-radius:2px;margin-right:.4rem;background:var(--c)}
.wb .rule{font:11.5px var(--mono);white-space:nowrap}
.wb .at{text-align:right!important;width:1%}
.wb .verdicts{display:grid;gap:.5rem;margin:.7rem 0;grid-template-columns:repeat(auto-fit,minmax(min(15rem,100%),1fr))}
.wb .verdict{border:1px solid var(--line);border-left:3px solid var(--s);border-radius:8px;padding:.5rem .7rem;background:var(--panel)}
.wb .yes{--s:var(--takes);--sbg:var(--takes-bg)}.wb .no{--s:var(--refused);--sbg:var(--refused-bg)}
.wb .verdict h3{display:flex;flex-wrap:wrap;gap:.2rem .5rem;align-items:center;font-size:13px;margin:0 0 .2rem}
.wb .tag{display:inline-block;border-radius:6px;padding:.05rem .45rem;font:600 11.5px/1.6 var(--mono);background:var(--sbg);color:var(--s)}
.wb .fix{display:block;color:var(--dim);margin-top:.15rem}
.wb .fix b{font-size:11px;font-weight:600;color:var(--ink);margin-right:.15rem}
.wb .quiet{margin:.5rem 0}
.wb .buttons{display:flex;flex-wrap:wrap;gap:.5rem}
.wb .answer{border:1px solid var(--s);border-radius:8px;padding:.45rem .7rem;margin-top:.5rem;background:var(--panel)}
.wb .answer b{color:var(--s)}
.wb .answer pre{font:12px/1.5 var(--mono);margin:.3rem 0;overflow:auto;white-space:pre-wrap}
.wb .answer button,.wb .copy{min-height:1.7rem;padding:.1rem .55rem;font-size:12px}
.wb .warnings{list-style:none;margin:.7rem 0;padding:0;display:grid;gap:.5rem}
.wb .warnings li{border-left:3px solid var(--s);padding:.1rem 0 .1rem .65rem}
.wb .danger{--s:var(--refused);--sbg:var(--refused-bg)}.wb .careful{--s:var(--next);--sbg:var(--next-bg)}.wb .note{--s:var(--dim);--sbg:var(--panel)}
.wb .note .tag{border:1px solid var(--line);line-height:1.4}
.wb .warnings .tag{margin-right:.35rem;font-family:var(--sans)}
.wb .only{border:1px solid var(--line);border-radius:6px;padding:0 .4rem;margin-right:.35rem;font:11px/1.6 var(--mono);color:var(--dim)}
.wb .choose{display:flex;gap:.4rem;flex-wrap:wrap}
.wb .choose input.code{flex:1 1 11rem;min-width:0;background:var(--panel);font-weight:400}
.wb .pick{display:inline-flex;align-items:center;position:relative;border:1px solid var(--line);border-radius:7px;padding:.3rem .6rem;min-height:2rem;font-weight:600;font-size:12.5px;cursor:pointer}
.wb .pick:hover{border-color:var(--accent)}
.wb .pick:focus-within{outline:2px solid var(--accent);outline-offset:2px}
.wb.dropping .file{outline:2px dashed var(--accent);outline-offset:4px;border-radius:8px}
.wb .outcome{font-weight:600;color:var(--s);margin:.5rem 0 .3rem}
.wb .scroll{overflow-x:auto;background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:.35rem .5rem}
.wb .hex{border-collapse:separate;border-spacing:2px;font:12px/1.4 var(--mono)}
.wb .hex caption{caption-side:bottom;text-align:left;font:12px/1.6 var(--sans);color:var(--dim);padding-top:.3rem}
.wb .hex tbody th{font-weight:400;color:var(--dim);vertical-align:top;padding:1px .5rem 0 0}
.wb .hex td{text-align:center;vertical-align:top;padding:1px 3px;border-radius:4px;min-width:1.6rem}
.wb .hex small{display:block;font-size:11px}
.wb .hex .mask{font-size:9.5px}
.wb .hex td.match,.wb .key.match{background:var(--takes-bg);color:var(--takes)}
.wb .hex td.differs,.wb .key.differs{background:var(--refused-bg);color:var(--refused);box-shadow:inset 0 0 0 1.5px var(--refused);font-weight:700}
.wb .hex td.masked,.wb .key.masked{color:var(--dim);background:repeating-linear-gradient(135deg,transparent 0 3px,var(--line) 3px 4px)}
.wb .hex td.outside{color:var(--dim)}
.wb .hex td.behind .b,.wb .key.behind{font-style:italic;text-decoration:underline dotted}
.wb .key{border-radius:4px;padding:0 .35rem;margin-right:.2rem}
.wb .hex .ascii{white-space:pre;letter-spacing:.1em;padding-left:.6rem;color:var(--dim);background:none}
.wb .ascii .match{color:var(--takes);font-weight:700}
.wb .ascii .differs{color:var(--refused);font-weight:700}
.wb .taken{margin:.45rem 0 0}
.wb .taken .tag{margin:0 .15rem}
.wb .also{color:var(--dim)}
.wb .form{margin:.6rem 0}
.wb .form .head{display:flex;align-items:center;justify-content:space-between;gap:.5rem;margin-bottom:.25rem}
.wb .form label{font:12px var(--mono);color:var(--dim)}
@container wb (max-width:22rem){.wb .hex td{padding:1px 1px;min-width:1.35rem}.wb .hex .ascii{display:none}}
`;
