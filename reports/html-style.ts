/** The page's CSS. Colours are variables, so that light, dark and print share every rule and every drawing. */

import { COVERAGE_STYLE } from './html-coverage.js';
import { SERIES_DARK, SERIES_LIGHT, STRESS_NARROW, STRESS_STYLE } from './html-stress-style.js';

const LIGHT = `--bg:#f6f7f9;--card:#fff;--text:#1b2230;--muted:#566072;--line:#d9dee6;--edge:#b4bcc9;--accent:#1f5fbf;--soft:#eef1f5;
--pass:#176f42;--pass-bg:#e4f4ea;--fail:#b3261e;--fail-bg:#fce8e6;--warn:#8a5300;--warn-bg:#fdf0d9;--note:#5b4aa8;--note-bg:#edeafa;
--off:#5d6675;--off-bg:#eceff3;--emit:#1f5fbf;--mark:#7b3fa0;--hit:#ffe9a8;${SERIES_LIGHT}`;
const DARK = `--bg:#10141b;--card:#181e27;--text:#e5e9f0;--muted:#9aa5b6;--line:#2d3643;--edge:#4a5668;--accent:#86b4ff;--soft:#212936;
--pass:#6ccf97;--pass-bg:#16301f;--fail:#ff8f85;--fail-bg:#3b1b1a;--warn:#f0b65a;--warn-bg:#36280f;--note:#b9acff;--note-bg:#272244;
--off:#a4adbb;--off-bg:#252d39;--emit:#86b4ff;--mark:#d29bf5;--hit:#4d3f12;${SERIES_DARK}`;

const BASE = `
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%;scroll-padding-top:5rem}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
main,footer{max-width:1120px;margin:0 auto;padding:0 24px}
main{padding-top:40px}
h1,h2,h3,h4,p,ul,ol,dl,dd{margin:0}
ul,ol{padding:0;list-style:none}
h1{font-size:1.9rem;line-height:1.2;letter-spacing:-.015em}
h2{font-size:1.15rem;margin:44px 0 12px}
h4{font-size:.78rem;font-weight:600;color:var(--muted);margin:0 0 2px}
code,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.88em}
a{color:var(--accent);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
p,li,dd,code,h1,h3,summary,td,strong,footer,.caps span{overflow-wrap:anywhere}
.muted{color:var(--muted)}
.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999px}.skip:focus{left:16px;top:8px;background:var(--card);padding:8px 12px;z-index:9}
.scroll{position:relative;overflow-x:auto;-webkit-overflow-scrolling:touch}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px}
.brand{font-weight:600;color:var(--muted);margin-bottom:6px}
.lead{color:var(--muted);margin-top:8px}
.v{display:inline-flex;align-items:center;gap:.4em;padding:1px 9px;border-radius:99px;font-size:.82rem;font-weight:600;max-width:100%;color:var(--off);background:var(--off-bg)}
.v-pass{color:var(--pass);background:var(--pass-bg)}.v-fail,.v-error{color:var(--fail);background:var(--fail-bg)}
.v-inconclusive{color:var(--warn);background:var(--warn-bg)}.v-known-deviation{color:var(--note);background:var(--note-bg)}
.counts{display:flex;flex-wrap:wrap;gap:8px;margin-top:18px}
.counts .v{font-size:.92rem;padding:4px 13px}
.banner{margin-top:20px;padding:12px 16px;border-left:4px solid var(--warn);background:var(--warn-bg);border-radius:6px}
.banner li+li{margin-top:4px}`;

const SECTIONS = `
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(190px,100%),1fr));gap:14px 28px;padding:18px 20px}
.facts dt{font-size:.78rem;font-weight:600;color:var(--muted)}.facts .wide{grid-column:1/-1}
.drains{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(260px,100%),1fr));gap:14px;margin-top:14px}
.drains li{padding:16px 20px}.drains .path{font-size:.84rem;color:var(--muted)}
.caps{display:flex;flex-wrap:wrap;gap:5px;margin-top:10px}
.caps span{font-size:.76rem;padding:1px 8px;border-radius:99px;background:var(--soft);color:var(--muted)}
.overview{width:100%;border-collapse:collapse}
.overview th,.overview td{padding:8px 16px;text-align:left;border-top:1px solid var(--line);font-weight:400;white-space:nowrap}
.overview thead th+th{white-space:normal;overflow-wrap:anywhere;min-width:7rem}
.overview thead th{border-top:0;font-size:.82rem;font-weight:600;color:var(--muted)}
.overview tbody th{width:100%;white-space:normal;min-width:130px}
.overview .rest{color:var(--muted);margin-left:6px}
.overview td,.overview thead th+th{text-align:right;font-variant-numeric:tabular-nums}
.overview .t-fail,.overview .t-error{color:var(--fail);font-weight:600}.overview .t-inconclusive{color:var(--warn);font-weight:600}
.overview .t-pass{color:var(--pass)}.overview .t-not-applicable,.overview .t-not-run{color:var(--muted)}
.wrong li{padding:12px 20px;border-top:1px solid var(--line)}.wrong li:first-child{border-top:0}
.wrong .who{display:flex;flex-wrap:wrap;align-items:center;gap:4px 10px}
.filter{position:sticky;top:0;z-index:3;display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin:0 -24px;padding:10px 24px;background:var(--bg)}
.filter[hidden],[hidden]{display:none!important}
.filter input[type=search]{flex:1 1 180px;min-width:0}
.filter input[type=search],.filter select,button{font:inherit;font-size:.9rem;color:var(--text);background:var(--card);border:1px solid var(--edge);border-radius:7px;padding:6px 10px;min-height:36px;max-width:100%}
button{cursor:pointer}button:hover{border-color:var(--accent)}
.filter label{display:inline-flex;align-items:center;gap:6px;font-size:.9rem;min-height:36px}
.filter output{flex-basis:100%;font-size:.84rem;color:var(--muted)}
.family{margin-top:22px}
.family>h3{display:flex;flex-wrap:wrap;gap:2px 10px;align-items:baseline;font-size:1rem;margin:0 0 8px}
.family>h3 span{font-weight:400;color:var(--muted);font-size:.92rem}
.cols,.req>summary{display:grid;gap:8px;align-items:center}
.cols{grid-template-columns:minmax(0,1fr) repeat(var(--n),138px);padding:0 16px 6px;font-size:.8rem;font-weight:600;color:var(--muted)}
.cols span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.req{border-top:1px solid var(--line)}.req:first-of-type{border-top:0}
.req>summary{grid-template-columns:minmax(0,1fr) repeat(var(--n),138px);padding:9px 16px;cursor:pointer;list-style:none;border-radius:9px}
.req>summary::-webkit-details-marker{display:none}
.req>summary:hover{background:var(--soft)}
.name{display:flex;flex-wrap:wrap;gap:0 10px;align-items:baseline;padding-left:20px;position:relative}
.name::before{content:"";position:absolute;left:2px;top:.52em;border:4.5px solid transparent;border-left:6px solid var(--muted)}
.req[open]>summary .name::before{transform:rotate(90deg);left:0;top:.6em}
.name code{font-weight:600}.should{font-size:.74rem;color:var(--muted);border:1px solid var(--edge);border-radius:4px;padding:0 5px}
.cell{min-width:0;max-width:100%}.cell .on{display:none;min-width:0;overflow-wrap:anywhere}`;

const DETAILS = `
.body{padding:4px 20px 22px 36px}
.body>.text{font-size:1.02rem;max-width:72ch}
.why{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(220px,100%),1fr));gap:12px 28px;margin:12px 0 4px}
.verdict{margin-top:16px;padding-top:14px;border-top:1px solid var(--line)}
.verdict .head{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:center}
.verdict .small{font-size:.84rem;color:var(--muted)}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(240px,100%),1fr));gap:12px;margin:12px 0}
.pair>div{padding:10px 14px;border-radius:8px;background:var(--soft)}
.replay{display:flex;gap:8px;align-items:center;margin:10px 0}
.replay code{flex:1;min-width:0;padding:8px 12px;border-radius:7px;background:var(--soft)}
.box{overflow:hidden;border:1px solid var(--line);border-radius:8px;margin-top:12px}
.box>summary{padding:8px 14px;cursor:pointer;font-weight:600;font-size:.9rem}
.tl{display:flex;width:max-content;min-width:100%;font-size:.78rem}
.tl ul{position:sticky;left:0;z-index:1;flex:none;background:var(--card);border-right:1px solid var(--line);padding:24px 10px 24px 14px}
.tl li{height:36px;display:flex;align-items:center;white-space:nowrap;color:var(--muted);padding-top:12px}
.tl svg{display:block;flex:none}
.tl svg text{font-family:inherit}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;padding:8px 14px;font-size:.8rem;color:var(--muted);border-top:1px solid var(--line)}
.legend span{display:inline-flex;gap:5px;align-items:center}
.legend .hit{width:12px;height:14px;background:var(--hit);border:1px solid var(--edge)}
.hist{position:relative;padding:2px 0 8px;max-height:420px;overflow:auto;font-size:.88rem}
.hist li{display:flex;gap:12px;padding:2px 14px;scroll-margin:40px}
.hist .n{flex:0 0 2.6em;text-align:right;color:var(--muted);font-variant-numeric:tabular-nums}
.hist .hit .n{color:inherit}.hist .hit{background:var(--hit);font-weight:600}
footer{padding:36px 24px 48px;color:var(--muted);font-size:.86rem}`;

const KILLS = `
.kills{width:100%;border-collapse:collapse;font-size:.76rem}
.kills th,.kills td{padding:0 8px;text-align:left;font-weight:400;white-space:nowrap;vertical-align:top;line-height:16px}
.kills thead th{position:sticky;top:0;z-index:1;background:var(--card);font-weight:600;color:var(--muted);padding-top:6px;padding-bottom:4px}
.kills tr.first>*{border-top:1px solid var(--line);padding-top:3px}
.kills .tip{max-width:260px;overflow:hidden;text-overflow:ellipsis}
.kills .n{text-align:right;font-variant-numeric:tabular-nums}
.kills svg,.key svg{display:block}.kx text{font:600 9px system-ui,sans-serif;fill:var(--muted)}
.kx .ran{fill:var(--soft)}.kx .not{fill:none;stroke:var(--edge);stroke-width:1}.kx .hit{fill:var(--fail)}.kx .own{fill:var(--accent)}
.key{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:.84rem;color:var(--muted);margin:10px 0}.key span{display:inline-flex;gap:6px;align-items:center}
.racy{width:100%;border-collapse:collapse;font-size:.88rem}.racy th,.racy td{padding:6px 16px;text-align:left;font-weight:400;border-top:1px solid var(--line)}
.racy thead th{border-top:0;font-size:.82rem;font-weight:600;color:var(--muted)}.racy .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.full{max-height:720px;overflow:auto}
@media print{.full{max-height:none}}`;

const NARROW = `
main{padding-top:24px}main,footer{padding-left:16px;padding-right:16px}
h1{font-size:1.55rem}
.filter{position:static;margin:0 -16px;padding:8px 16px}.filter input[type=search]{flex-basis:100%}.filter select{flex:1 1 40%}
.overview th,.overview td{padding:8px 10px}.overview tbody th{min-width:90px}.overview .rest{display:none}
.body{padding:4px 14px 18px}
.replay{flex-wrap:wrap}.replay code{flex-basis:100%}
.facts{padding:16px;grid-template-columns:repeat(auto-fit,minmax(min(130px,100%),1fr))}`;

/** Cells under the name instead of in columns: on phones, and wherever there are many drains. */
const stacked = (scope: string): string => `
${scope}.cols{display:none}
${scope}.req>summary{display:flex;flex-wrap:wrap;gap:6px;padding:11px 14px}
${scope}.name{flex-basis:100%}
${scope}.cell{margin-left:0}${scope}.cell:first-of-type{margin-left:20px}
${scope}.cell .on{display:inline;font-weight:400}`;

export const STYLE = `:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
${BASE}${SECTIONS}${DETAILS}${COVERAGE_STYLE}${KILLS}${STRESS_STYLE}
${stacked('.many ')}
@media (max-width:760px){${NARROW}${STRESS_NARROW}${stacked('')}}
@media print{:root{${LIGHT}}body{background:#fff;font-size:11pt}main,footer{max-width:none;padding:0}.filter,button,.skip{display:none!important}
.card,.box{border-color:#bbb}.req,.wrong li{break-inside:avoid-page}.hist{max-height:none}.scroll{overflow:visible}.tl svg{max-width:100%;height:auto}}
`.replaceAll('\n', '');
