/** The lesson panel's look: a column to read, with its bar above and where one stands below. */
export const styles = `
.lesson{width:clamp(18rem,26cqw,27rem)}
@container lab (max-width:1099px){.lesson{width:auto;max-height:52cqh}}
@container lab (max-width:759px){.lesson{height:min(58dvh,32rem);max-height:none;position:relative}}
.ls{display:grid;grid-template-rows:auto minmax(0,1fr) auto;min-height:0;height:100%;font-size:14px;overflow-wrap:anywhere;container:ls/inline-size}
.ls:has(.cards){display:block;overflow:auto;padding:.8rem .9rem}
.ls h2{font-size:17px;line-height:1.25;margin:.1rem 0 .6rem}
.ls h2:focus{outline:none}
.ls h3{font-size:14px;margin:0 0 .25rem}
.ls .cards~h3{margin-top:1.3rem}
.ls p{margin:.55rem 0}
.ls .quiet{color:var(--dim);font-size:12.5px;margin:.3rem 0}
.ls .mono{font:12px/1.5 var(--mono)}
.ls .cards{list-style:none;margin:.8rem 0 0;padding:0;display:grid;gap:.6rem}
.ls .card{border:1px solid var(--line);border-radius:9px;padding:.7rem .8rem;background:var(--bg)}
.ls .card p{margin:.25rem 0}
.ls .foot{display:flex;flex-wrap:wrap;gap:.4rem .7rem;align-items:center}
.ls .own{display:grid;gap:.5rem;justify-items:start}
.ls .own form{display:flex;gap:.4rem;width:100%}
.ls .own input[type=url]{flex:1;min-width:0;font-weight:400}
.ls .button{position:relative;display:inline-flex;align-items:center;cursor:pointer;font:600 12.5px var(--sans);border:1px solid var(--line);border-radius:7px;padding:.3rem .6rem;min-height:2rem}
.ls .button:hover{border-color:var(--accent)}
.ls .button:focus-within{outline:2px solid var(--accent);outline-offset:2px}
.ls .confirm,.ls .warn,.ls .hint{border:1px solid var(--next);background:var(--next-bg);border-radius:9px;padding:.5rem .8rem;margin:.7rem 0}
.ls .hint{border-color:var(--accent);background:var(--chip)}
.ls .hint p:first-of-type{margin-top:.2rem}
.ls .errors{font:12px/1.5 var(--mono);color:var(--refused);padding-left:1.1rem}
.lesson.dropping .ls,.ls.dropping{outline:2px dashed var(--accent);outline-offset:-4px}
.ls .bar{display:flex;gap:.5rem;align-items:center;padding:.4rem .7rem;border-bottom:1px solid var(--line)}
.ls .bar ol{display:flex;gap:.2rem;list-style:none;margin:0 0 0 auto;padding:0;min-width:0;overflow-x:auto}
.ls .plain{border:0;padding:.2rem .3rem;min-height:1.7rem;color:var(--accent);font-weight:500}
.ls .dot{width:1.7rem;min-height:1.7rem;padding:0;border-radius:99px;font:600 11.5px var(--mono);color:var(--dim)}
.ls .dot.done{color:var(--takes);background:var(--takes-bg);border-color:var(--takes)}
.ls .dot[aria-current]{color:var(--on-accent);background:var(--accent);border-color:var(--accent)}
.ls .body{overflow:auto;padding:.7rem .9rem 1rem;min-height:0}
.ls .body[aria-busy=true] .text{opacity:.6}
.ls .over{margin:0;color:var(--dim);font-size:12px}
.ls .text h3,.ls .text h4{font-size:14.5px;margin:1.1rem 0 .3rem}
.ls .text code,.ls .hint code{font:12.5px var(--mono);background:var(--bg);border:1px solid var(--line);border-radius:4px;padding:0 .22rem;overflow-wrap:anywhere}
.ls .text ul,.ls .text ol{padding-left:1.2rem}
.ls .block{position:relative;margin:.7rem 0;border:1px solid var(--line);border-radius:8px;background:var(--term);overflow:hidden}
.ls .block pre{margin:0;padding:.55rem .7rem;overflow-x:auto;font:12.5px/1.5 var(--mono)}
.ls .block pre code{font:inherit;background:none;border:0;padding:0;overflow-wrap:normal}
.ls .block .act{display:block;width:100%;border:0;border-top:1px solid var(--line);border-radius:0;min-height:1.9rem;color:var(--accent);background:var(--panel)}
.ls .block .act:hover{background:var(--chip)}
.ls .inline.act{display:inline;min-height:0;padding:0;border:0;background:none;border-bottom:1px dashed var(--accent);border-radius:0}
.ls .inline.act code{color:var(--accent)}
.ls .picture{display:block;margin:.9rem 0}
.ls .picture svg{display:block;width:100%;max-width:26rem;height:auto;margin:0 auto}
.ls blockquote{margin:.9rem 0;padding:.1rem .8rem;border-left:3px solid var(--next);background:var(--next-bg);border-radius:0 8px 8px 0}
.ls .question{border:1px solid var(--line);border-radius:9px;margin:1rem 0;padding:.3rem .8rem .7rem;min-width:0}
.ls legend{font-weight:600;padding:0 .3rem}
.ls .choices{display:grid;gap:.4rem}
.ls .choice{text-align:left;font-weight:400;font-size:13.5px;line-height:1.4;min-height:2.2rem;background:var(--bg);padding:.35rem .7rem .35rem 1.9rem;position:relative}
.ls .choice::before{content:"";position:absolute;left:.65rem;top:.72rem;width:.7rem;height:.7rem;border:1.5px solid var(--dim);border-radius:99px}
.ls .choice.right{border-color:var(--takes);background:var(--takes-bg)}
.ls .choice.wrong{border-color:var(--refused);background:var(--refused-bg)}
.ls .choice.right::before,.ls .choice.wrong::before{border:0;font:700 13px/1 var(--sans);top:.68rem}
.ls .choice.right::before{content:"✓";color:var(--takes)}
.ls .choice.wrong::before{content:"✗";color:var(--refused)}
.ls .answer{padding:0 .3rem 0 1.9rem;font-size:13.5px}
.ls .answer p{margin:.1rem 0 .4rem}
.ls table{border-collapse:collapse;font-size:12.5px;margin:.7rem 0;width:100%}
.ls th,.ls td{border-bottom:1px solid var(--line);padding:.3rem .4rem .3rem 0;text-align:left;vertical-align:top}
.ls .rule{font:12px var(--mono)}
.ls .standing{border-top:1px solid var(--line);padding:.5rem .9rem .6rem;background:var(--bg)}
.ls .state{margin:0 0 .4rem;font-size:13px;min-height:1.2rem}
.ls .state:empty{display:none}
.ls .mark{display:inline-block;width:1.1rem;font-weight:700;color:var(--dim)}
.ls .mark.good{color:var(--takes)}
.ls .mark.bad{color:var(--refused)}
.ls .buttons{display:flex;flex-wrap:wrap;gap:.4rem}
@container ls (min-width:640px){.ls .cards{grid-template-columns:1fr 1fr}.ls .body>*{max-width:44rem;margin-left:auto;margin-right:auto}}
`;
