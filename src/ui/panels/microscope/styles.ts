/** The look of the microscope. Three states, each with a colour, a shape and a word; bytes the same, with a line or a hatching. */
const CSS = `
& {container:microscope/inline-size;display:grid;grid-template-rows:auto minmax(0,1fr) auto;height:100%;min-height:22rem;font:13px/1.45 var(--sans);color:var(--ink);background:var(--bg);overflow-wrap:anywhere}
& code {font:12px var(--mono);color:var(--ink)}
& p {margin:2px 0}
& ol,& dl,& dd {margin:0;padding:0}
& ol {list-style:none}
& a {color:var(--accent);text-decoration:underline 1px;text-decoration-color:color-mix(in srgb,var(--accent) 45%,transparent);text-underline-offset:2px}
& a:hover {text-decoration-color:currentColor}
& .sr {position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
& button {font:600 12px var(--sans);min-height:1.75rem;padding:.15rem .55rem;border-radius:7px}
& .link {border:0;background:none;padding:.1rem .2rem;min-height:1.5rem;color:var(--accent);font-weight:400;text-align:left}
& .link:hover {text-decoration:underline}
& .link[aria-pressed=true] {color:var(--dim)}
& .tag {display:inline-block;font:700 11.5px/1.5 var(--mono);padding:0 .5rem;border-radius:6px;border:1px solid transparent}
& .tag.takes {background:var(--takes-bg);color:var(--takes)}
& .tag.next {background:var(--next-bg);color:var(--next)}
& .tag.refused {background:var(--refused-bg);color:var(--refused)}
& .tag.off {color:var(--dim);border-color:var(--line)}
& .head {padding:10px 16px 8px;border-bottom:1px solid var(--line);background:var(--panel)}
& .head:empty {padding:0;border:0}
& h2 {margin:0 0 6px;font-size:14px;font-weight:600;line-height:1.6}
& h2 code {font:600 14px var(--mono);margin-right:.4rem}
& .hint {margin:-2px 0 5px;font-size:12.5px;color:var(--dim)}
& .tools {display:flex;flex-wrap:wrap;gap:.3rem .6rem;align-items:center;color:var(--dim);font-size:12px}
& .who {flex:1 1 auto}
& .who code {color:var(--dim)}
& .move {display:inline-flex;align-items:center;gap:.35rem}
& .move button {min-width:2rem}
& .at {min-width:5.2rem;text-align:center;font-variant-numeric:tabular-nums}
& .story {overflow-y:auto;padding:4px 16px 18px;position:relative}
& .story:focus-visible {outline-offset:-2px}
& h3 {font-size:12.5px;font-weight:400;margin:12px 0 4px}
& .badge {font:600 11px var(--sans);color:var(--dim);border:1px solid var(--line);border-radius:99px;padding:.05rem .5rem;margin-right:.2rem;white-space:nowrap}
& .st {margin-left:6px;padding:8px 8px 10px 20px;border-left:2px solid var(--line);position:relative}
& .st::before {content:"";position:absolute;left:-7px;top:12px;width:12px;height:12px;border-radius:50%;background:var(--bg);border:2px solid var(--dim)}
& .st.passed::before {background:var(--dim)}
& .st.next::before {border-color:var(--next)}
& .st.takes::before {background:var(--takes);border-color:var(--takes)}
& .st.refused::before {background:var(--refused);border-color:var(--refused);border-radius:2px}
& .st.lost::before {border-style:dotted}
& .st.current {background:linear-gradient(90deg,var(--chip),transparent 85%);border-left-color:var(--accent)}
& .st.current::after {content:"";position:absolute;left:-11px;top:8px;width:16px;height:16px;border-radius:50%;border:2px solid var(--accent)}
& h4 {margin:0 0 2px;font-size:13px;font-weight:600;display:flex;flex-wrap:wrap;gap:2px 8px;align-items:baseline;cursor:pointer}
& h4 small {margin-left:auto;color:var(--dim);font:11px var(--mono)}
& .st>p {color:var(--dim);font-size:12.5px}
& .st.errno h4 .title {font-family:var(--mono)}
& h5 {margin:10px 0 3px;font-size:12px;font-weight:600}
& details {font-size:12px;color:var(--dim);margin:2px 0}
& summary {cursor:pointer;width:max-content;max-width:100%;color:var(--accent)}
& .walk {padding:2px 0 2px 12px;border-left:1px solid var(--line);font:11.5px/1.6 var(--mono)}
& .walk .no,& .walk .no code {color:var(--refused)}
& .lay {display:flex;flex-wrap:wrap;gap:3px;margin:5px 0 0}
& .lay button,& .lay-rule {font:11.5px var(--mono);min-height:1.5rem;padding:0 .45rem;color:var(--dim)}
& .lay button[aria-pressed=true],& .lay-rule[aria-pressed=true] {color:var(--accent);border-color:var(--accent);background:var(--chip)}
& .hex {font:11px/1 var(--mono);background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:7px 9px;margin:5px 0 3px;overflow:hidden;width:max-content;max-width:100%}
& .row {display:grid;grid-template-columns:31px repeat(var(--n),17px) max-content;align-items:center;min-height:19px}
& .row i,& .gap {font-style:normal;color:var(--dim)}
& .row.wants {margin:-1px 0 3px}
& .chars {padding-left:8px;white-space:pre}
& .who.chars {overflow:hidden;text-overflow:ellipsis;max-width:118px;color:var(--dim)}
& .b {padding:2px 0;text-align:center;border-bottom:2px solid transparent}
& .row>.b {margin-right:1px}
& .chars .b {padding:2px 0}
& .b.behind {color:var(--dim)}
& .b.match {background:var(--takes-bg);color:var(--takes);border-bottom-color:var(--takes)}
& .b.differs {background:var(--next-bg);color:var(--next);border-bottom:2px dashed var(--next);font-weight:700}
& .b.masked {color:var(--dim);background:repeating-linear-gradient(135deg,transparent 0 2px,var(--line) 2px 4px)}
& .b.unread {color:var(--dim);border-bottom:2px dotted var(--line)}
& .legend {display:flex;flex-wrap:wrap;gap:0 .8rem;align-items:center;font-size:11.5px;color:var(--dim)}
& .key {margin-right:.7rem;white-space:nowrap}
& .key .b {font:11px var(--mono);padding:0 2px}
& .rules {margin:5px 0 2px;display:grid;gap:3px}
& .rules li {display:grid;grid-template-columns:5.2rem fit-content(40%) minmax(0,1fr);gap:0 .5rem;align-items:center;font-size:12px;color:var(--dim);content-visibility:auto;contain-intrinsic-size:auto 26px}
& .rules .tag {text-align:center}
& .lay-rule {overflow-wrap:anywhere;text-align:left}
& .argv,& .auxv,& .heard {display:grid;gap:4px;margin:6px 0;font-size:12px}
& .argv>div {display:grid;grid-template-columns:3.6rem minmax(0,1fr);align-items:baseline}
& .argv dt {font:12px var(--mono);color:var(--dim)}
& .argv dd ol {display:flex;flex-wrap:wrap;gap:4px}
& .argv li {font:12px/1.5 var(--mono);background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:0 .45rem;max-width:100%;overflow:hidden;text-overflow:ellipsis;white-space:pre}
& .argv .new {border:2px solid var(--accent);color:var(--accent);font-weight:600}
& .argv .gone {text-decoration:line-through;color:var(--dim)}
& .argv .more {border-style:dashed;color:var(--dim)}
& .auxv>div,& .heard>div {display:grid;grid-template-columns:6.4rem minmax(0,1fr);gap:.2rem .6rem}
& .auxv dt,& .heard dt {font:12px var(--mono);color:var(--dim)}
& .auxv dd span,& .heard dd span {color:var(--dim)}
& .heard>div {grid-template-columns:4.2rem minmax(0,1fr);padding:3px 0;border-top:1px solid var(--line)}
& .heard code {white-space:pre-wrap}
& .heard .exit {font-size:11.5px;white-space:nowrap}
& .note {margin:8px 0 2px;padding:7px 10px;border-radius:8px;font-size:12.5px;border:1px solid var(--line);color:var(--dim)}
& .note.loud {background:var(--next-bg);border-color:color-mix(in srgb,var(--next) 40%,transparent);color:var(--ink)}
& .note b {color:var(--ink)}
& .do {margin:10px 0 0;padding:2px 10px 9px;border-left:3px solid var(--accent);border-radius:0 8px 8px 0;background:var(--chip)}
& .do p {color:var(--ink)}
& .do button {background:var(--panel);margin:0 .4rem .2rem 0}
& pre {font:12px/1.5 var(--mono);margin:5px 0;padding:6px 9px;background:var(--panel);border:1px solid var(--line);border-radius:8px;white-space:pre-wrap;color:var(--ink)}
& .empty {max-width:32rem;margin:12vh auto 0;text-align:center;color:var(--dim);padding:0 8px}
& .empty .big {font-size:16px;font-weight:600;color:var(--ink);margin-bottom:6px}
& .empty pre {text-align:left;margin:12px auto;width:max-content;max-width:100%}
& .empty button {border-color:var(--accent)}
& .list {border-top:1px solid var(--line);background:var(--panel);display:grid;grid-template-rows:auto auto minmax(0,1fr)}
& .missing {margin:0;padding:0 16px 4px;font-size:12px;color:var(--dim)}
& .bar {display:flex;flex-wrap:wrap;gap:0 1rem;align-items:center;padding:3px 16px;font-size:12px;color:var(--dim)}
& .bar h3 {margin:0;font-size:12px;font-weight:600;color:var(--ink);flex:1 1 auto;font-variant-numeric:tabular-nums}
& .bar label {display:inline-flex;align-items:center;gap:.35rem;min-height:1.5rem}
& .bar input {min-height:0;margin:0;accent-color:var(--accent)}
& .rows {height:104px;overflow-y:auto;position:relative;contain:strict}
& .rows:focus-visible {outline-offset:-2px}
& .all {position:relative}
& .exec {position:absolute;inset:0 0 auto;height:26px;display:grid;grid-template-columns:2.4rem minmax(0,1fr) auto;gap:.5rem;align-items:center;padding:0 16px;font:12px var(--mono);cursor:pointer;contain:strict}
& .exec:hover {background:var(--bg)}
& .exec[aria-selected=true] {background:var(--chip);box-shadow:inset 3px 0 var(--accent)}
& .pid {color:var(--dim)}
& .what {overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
& .rest {color:var(--dim)}
& .came {color:var(--takes)}
& .fails .came,& .dies .came {color:var(--refused);font-weight:700}
& .none .came {color:var(--dim)}
@container microscope (max-width:430px){& .bar .link {padding-left:0} & .head,& .story,& .bar,& .missing,& .exec {padding-left:10px;padding-right:10px} & .st {padding-right:0;padding-left:16px} & h4 small {margin-left:0;width:100%}
& .auxv>div,& .heard>div {grid-template-columns:minmax(0,1fr)} & .rules li {grid-template-columns:5.2rem minmax(0,1fr)} & .rules .why {grid-column:1/-1}}
@media print{& {display:block;height:auto} & .story {overflow:visible} & .list,& .tools button,& .lay,& .do button,& .link,& .empty {display:none} & .st {break-inside:avoid} & .b,& .tag {print-color-adjust:exact}}
`;

export const styles = CSS.replaceAll('&', '.microscope');
