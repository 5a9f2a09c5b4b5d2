/** CSS of the page's part on stress runs. */

/** Okabe and Ito's colours, told apart by nearly everybody; lighter on a dark page. */
export const SERIES_LIGHT = `--s0:#0072b2;--s1:#c2500a;--s2:#00805e;--s3:#b0508a;--s4:#8c6d00;--s5:#3a8fc4`;
export const SERIES_DARK = `--s0:#6db9ec;--s1:#ff9a57;--s2:#4fd0a8;--s3:#e59cc8;--s4:#e2c044;--s5:#9ad6f7`;

export const STRESS_STYLE = `
.load{padding:18px 20px;margin-top:14px;break-inside:avoid-page}
.load>h3{display:flex;flex-wrap:wrap;gap:2px 10px;align-items:baseline;font-size:1rem;margin:0 0 4px;scroll-margin-top:16px}
.load>h3 span{font-weight:400;color:var(--muted)}
h2 .muted{font-weight:400;font-size:.92rem}
.targets,.times{width:100%;border-collapse:collapse;margin-top:10px;font-size:.92rem}
.targets th,.targets td,.times th,.times td{padding:6px 12px 6px 0;text-align:left;font-weight:400;border-top:1px solid var(--line);vertical-align:top;font-variant-numeric:tabular-nums}
.targets thead th,.times thead th{border-top:0;font-size:.8rem;font-weight:600;color:var(--muted)}
.targets th:first-child,.times th:first-child{width:26%;min-width:150px}
.times td,.times thead th+th{text-align:right;white-space:nowrap}
.targets strong{font-weight:600}.goal,.why-not{display:block;font-size:.82rem;color:var(--muted)}
.bar{position:relative;display:block;width:90px;height:5px;margin-top:4px;border-radius:3px;background:linear-gradient(90deg,var(--soft) 49%,var(--edge) 49%,var(--edge) 51%,var(--soft) 51%)}
.bar span{position:absolute;top:0;height:5px;border-radius:3px}.bar.good span{background:var(--pass)}.bar.bad span{background:var(--fail)}
.figs{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(340px,100%),1fr));gap:16px 24px;align-items:start}
.figs.three{grid-template-columns:repeat(auto-fit,minmax(min(300px,100%),1fr))}
figure{margin:0;min-width:0}figcaption{font-size:.84rem;font-weight:600;color:var(--muted);margin-bottom:6px}
.figs svg{display:block;width:100%;max-width:470px;height:auto}
.load .key{margin-top:18px}.load .key svg{flex:none}.load .small{font-size:.84rem;color:var(--muted);margin-top:8px}
details.more{margin-top:8px}details.more>summary{cursor:pointer;font-size:.84rem;color:var(--muted)}
.more+h4{margin-top:10px}
.key .limit{width:24px;border-top:1px dashed var(--fail)}
.goals li{margin-top:4px}`;

/** Each target as a block of its own on a phone. */
export const STRESS_NARROW = `
.load{padding:14px}
.targets thead{display:none}.targets,.targets tbody,.targets tr{display:block}
.targets tr{display:grid;grid-template-columns:1fr 1fr;gap:4px 12px;padding:8px 0;border-top:1px solid var(--line)}
.targets th,.targets td{display:block;border:0;padding:0}.targets th:first-child{grid-column:1/-1;width:auto;font-weight:600}.why-not{font-weight:400}
.targets td::before{content:attr(data-l);display:block;font-size:.74rem;color:var(--muted)}.targets td:empty{display:none}
.times th:first-child{min-width:120px}`;
