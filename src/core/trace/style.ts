/** Decides how the trace looks and behaves: one style sheet for light and dark, one small script for finding and opening. */

export const STYLE = `
:root{color-scheme:light dark;--paper:#faf9f7;--card:#fff;--ink:#22262b;--soft:#6a7078;--line:#e5e2dc;--code:#f3f1ed;--accent:#2f5d9e;
--good:#2c7a4b;--good-bg:#e5f2ea;--bad:#b3372c;--bad-bg:#fae8e5;--warn:#8a5d0c;--warn-bg:#f8efd9;
--queue:#c9c6bf;--load:#b79ad0;--prompt:#6f9bd6;--reply:#2f5d9e;--mono:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{--paper:#16181b;--card:#1d2024;--ink:#dfe2e5;--soft:#949aa2;--line:#30343a;--code:#24282d;--accent:#86b1ec;
--good:#74c795;--good-bg:#1c3527;--bad:#f08f82;--bad-bg:#43211e;--warn:#dfb35f;--warn-bg:#3a2f18;--queue:#4c5158;--load:#80659a;--prompt:#4672ac;--reply:#86b1ec}}
*{box-sizing:border-box}
html{scroll-padding-top:4.2rem}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;overflow-wrap:anywhere}
main,header.top{max-width:1080px;margin:0 auto;padding:0 24px}
header.top{padding-top:40px}
header.top .kicker{margin:0;color:var(--soft);font-size:13px}
h1{font-size:27px;line-height:1.25;font-weight:640;letter-spacing:-.015em;margin:6px 0 12px}
.reason{white-space:pre-line;margin:0 0 4px;max-width:46rem}
.verdict{display:flex;gap:12px;align-items:baseline;flex-wrap:wrap}
.facts{display:flex;flex-wrap:wrap;gap:14px 30px;margin:22px 0 26px;padding:16px 0;border:solid var(--line);border-width:1px 0}
.facts dt{color:var(--soft);font-size:12px}.facts dd{margin:0;font-weight:560;font-variant-numeric:tabular-nums}
nav{position:sticky;top:0;z-index:2;background:var(--paper);border-bottom:1px solid var(--line)}
nav .bar{max-width:1080px;margin:0 auto;padding:9px 24px;display:flex;gap:14px;align-items:center}
nav .links{mask-image:linear-gradient(to right,#000 calc(100% - 24px),transparent);padding-right:24px;display:flex;gap:15px;overflow-x:auto;flex:1;white-space:nowrap;font-size:13.5px;scrollbar-width:none}
nav a{color:var(--soft);text-decoration:none}nav a:hover{color:var(--ink)}
input,button{font:inherit;font-size:13px;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:4px 10px}
input{width:170px}button{cursor:pointer;white-space:nowrap}button:hover{border-color:var(--soft)}
:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
section{margin:38px 0}
h2{font-size:18px;font-weight:620;margin:0 0 12px;display:flex;align-items:baseline;gap:12px}h2 small{font-size:13px;font-weight:400;color:var(--soft)}
h4{margin:14px 0 5px;font-size:12px;font-weight:560;color:var(--soft)}
a{color:var(--accent)}
.item{border:1px solid var(--line);border-radius:8px;background:var(--card);margin:6px 0}
details.item[open]{box-shadow:0 1px 4px rgb(0 0 0/.05)}
.item:target{border-color:var(--accent)}
summary{display:flex;align-items:center;gap:9px;padding:7px 12px;cursor:pointer;list-style:none;min-height:38px}
summary::-webkit-details-marker{display:none}
summary::before{content:"";flex:none;width:6px;height:6px;border:solid var(--soft);border-width:0 1.5px 1.5px 0;transform:rotate(-45deg);margin-right:2px}
details[open]>summary::before{transform:rotate(45deg)}
.what{flex:0 1 auto;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.note{color:var(--soft);font-size:13px}summary .note{flex:0 1 auto;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
summary .reply-start{font-family:var(--mono);font-size:12px}
summary code:not(.what){flex:none;white-space:nowrap}
.end{margin-left:auto;flex:none;color:var(--soft);font-size:13px;font-variant-numeric:tabular-nums;white-space:nowrap}
summary>.chip:last-child:not(:nth-child(2)){flex:none}summary:not(:has(.end))>.chip:last-child{margin-left:auto}
.spent{display:inline-block;min-width:176px;text-align:right}
.minibar{vertical-align:middle}
.at{flex:none;width:52px;color:var(--soft);font-size:12.5px;font-variant-numeric:tabular-nums;text-align:right}
.body{padding:2px 16px 14px;border-top:1px solid var(--line)}
.fact{margin:8px 0}.fact b{font-weight:500;color:var(--soft);margin-right:6px}
.chip{flex:none;display:inline-block;padding:1px 8px;border-radius:99px;font-size:12px;line-height:18px;background:var(--code);color:var(--soft);white-space:nowrap}
.chip.role{background:none;border:1px solid var(--line);color:var(--ink);line-height:16px}
.chip.good{background:var(--good-bg);color:var(--good)}.chip.bad{background:var(--bad-bg);color:var(--bad)}.chip.warn{background:var(--warn-bg);color:var(--warn)}
.verdict .chip{font-size:14px;line-height:24px;padding:1px 13px;font-weight:560}
.gates{display:flex;flex-wrap:wrap;gap:6px;margin:10px 0 4px}
code,pre{font-family:var(--mono);font-size:12.5px}
pre{margin:0;background:var(--code);border-radius:6px;padding:10px 12px;line-height:1.5;white-space:pre-wrap;max-height:30rem;overflow:auto;tab-size:4}
pre.reply{border-left:3px solid var(--reply)}
pre.diff{padding:8px 0}pre.diff span{display:block;padding:0 12px}
.diff .add{background:var(--good-bg);color:var(--good)}.diff .del{background:var(--bad-bg);color:var(--bad)}.diff .hunk,.diff .file{color:var(--soft)}
.none,.legend{color:var(--soft);font-size:13px;margin:6px 0}.legend{display:flex;gap:16px;flex-wrap:wrap}
.message{padding:9px 14px}.message p{margin:0}.message .line{display:flex;align-items:center;gap:9px}.message .said{margin:5px 0 0 61px;white-space:pre-wrap}.message:not(:has(.at)) .said{margin-left:0}
.notice{border-left:3px solid var(--warn);padding:2px 0 2px 14px;margin:14px 0}.notice p{margin:3px 0;white-space:pre-line}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13.5px}th{font-weight:500;color:var(--soft);text-align:left;font-size:12px}td,th{padding:6px 14px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}tr.item{border:0;background:none}.number{text-align:right;font-variant-numeric:tabular-nums}
.hashes{display:grid;grid-template-columns:max-content 1fr;gap:3px 16px;margin:10px 0 0}.hashes dt{color:var(--soft);font-size:13px}.hashes dd{margin:0}
.chain{border-left:2px solid var(--line);padding-left:18px}.chain .item{position:relative}.chain .item::before{content:"";position:absolute;left:-24px;top:14px;width:10px;height:10px;border-radius:50%;background:var(--paper);border:2px solid var(--good)}
.log{font-size:12.5px}.log td{padding:3px 14px 3px 0}.log code{font-size:12px}
svg text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--ink)}
svg a{text-decoration:none}
svg .queue{fill:var(--queue)}svg .load{fill:var(--load)}svg .prompt{fill:var(--prompt)}svg .reply{fill:var(--reply)}svg .passed{fill:var(--good)}svg .failed{fill:var(--bad)}
svg.graph{max-width:100%;height:auto;min-width:min(100%,760px)}.graph .task rect{fill:var(--card);stroke:var(--line)}.graph .task rect.state{fill:var(--queue);stroke:none}.graph .done rect.state{fill:var(--good)}.graph .failed rect.state{fill:var(--bad)}.graph .running rect.state{fill:var(--accent)}.graph .stopped rect.state{fill:var(--warn)}
.graph .task.failed>rect.state{fill:var(--bad)}
.graph a:hover rect:first-of-type{stroke:var(--soft)}
.graph .title{font-size:13px;font-weight:560}.graph .role,.graph .note{font-size:11.5px;fill:var(--soft)}.graph .edge{fill:none;stroke:var(--soft);stroke-width:1.2}.graph marker path{fill:var(--soft)}
.timeline{max-width:100%;height:auto;min-width:720px}.timeline .label{text-anchor:end;fill:var(--soft)}.timeline .tick{text-anchor:middle;fill:var(--soft);font-size:11px}.timeline .rule{stroke:var(--line)}.timeline a:hover rect{opacity:.75}
footer{max-width:1080px;margin:0 auto;padding:8px 24px 48px;color:var(--soft);font-size:13px}
[hidden]{display:none!important}
@media (max-width:720px){summary{flex-wrap:wrap}.end{margin-left:0}.what{white-space:normal}nav .bar{flex-wrap:wrap}}
@media print{nav{display:none}.item{break-inside:avoid}pre{max-height:none}}
`;

/** Opens what a link points at; a search leaves only what holds every word, and sections that have any. */
export const SCRIPT = `
const items=[...document.querySelectorAll('.item')],texts=new Map();
const text=(item)=>{if(!texts.has(item))texts.set(item,item.textContent.toLowerCase());return texts.get(item)};
const reveal=()=>{let element=document.getElementById(decodeURIComponent(location.hash.slice(1)));if(!element)return;
for(let each=element;each;each=each.parentElement)if(each.tagName==='DETAILS')each.open=true;element.scrollIntoView()};
addEventListener('hashchange',reveal);reveal();
const field=document.getElementById('find'),found=document.getElementById('found');
field.addEventListener('input',()=>{const words=field.value.toLowerCase().split(/\\s+/).filter(Boolean);let shown=0;
for(const item of items){const fits=words.every((word)=>text(item).includes(word));item.hidden=!fits;if(fits)shown+=1}
for(const section of document.querySelectorAll('main>section')){const own=section.querySelectorAll('.item');section.hidden=words.length>0&&own.length>0&&![...own].some((item)=>!item.hidden)}
found.textContent=words.length?shown+' found':''});
document.getElementById('toggle').addEventListener('click',(event)=>{const open=event.target.dataset.open!=='1';event.target.dataset.open=open?'1':'0';
for(const item of document.querySelectorAll('details.item'))item.open=open;event.target.textContent=open?'Close all':'Open all'});
`;
