import * as ref from '/work/main/dist/reference/index.js';
import * as nat from '/work/main/dist/native/index.js';
import { patternRecord } from '/work/main/dist/spec/index.js';
import fc from 'fast-check';
function play(mod, cfg, ops){
  const out=[]; let now=0n; let behav=[]; let handles=[]; let next=0; let seq=0;
  const d=mod.createDrain({config:cfg,environment:{now:()=>now,pause(ns){now+=ns}},sink:{write(b){const a=behav.length?behav.shift():b.count;const k=a==='throw'?-1:Math.min(a,b.count);
    out.push(['batch',b.threadId,b.slot,b.generation,b.lane,b.count,b.spans.map(s=>s.length),k,Buffer.from(b.spans[0].slice(0,24)).toString('hex')]); now+=1000n; if(k<0)throw new Error('x');return k;}},onThreadEvent:e=>out.push(['ev',e.event,e.threadId,e.slot,e.generation])});
  for(const [op,a,n] of ops){ const h=handles[a%Math.max(1,handles.length)]; try{
    if(op==='reg'){handles.push(d.registry.register({threadId:next,weight:1+n%3}));next++;out.push('reg',handles.at(-1).slot,handles.at(-1).generation);}
    else if(op==='turn'){for(let i=0;i<1+n%3;i++)out.push(d.drainIteration());}
    else if(op==='sink'){behav.push(['throw',0,1,2,3,100][n%6]);}
    else if(op==='metrics'){const m=structuredClone(d.metrics());m.threads=m.threads.map(t=>Object.fromEntries(Object.entries(t).sort()));delete m.iterationNs;delete m.longestIterationNs;out.push(JSON.stringify(m));}
    else if(op==='stop'&&n===7){out.push(d.stop({deadlineNs:n*1e6}));}
    else if(!h)continue;
    else if(op==='emit')for(let i=0;i<n%12;i++)out.push(h.emitIndex(patternRecord('index',32,h.threadId,seq++)));
    else if(op==='detail')for(let i=0;i<n%12;i++)out.push(h.emitDetail(patternRecord('detail',cfg.detailRecordBytes,h.threadId,seq++)));
    else if(op==='begin'){out.push(h.beginSubmit({index:Array.from({length:n%5},()=>patternRecord('index',32,h.threadId,seq++)),detail:Array.from({length:n%7},()=>patternRecord('detail',cfg.detailRecordBytes,h.threadId,seq++))}));}
    else if(op==='commit')out.push(h.commitSubmit());
    else if(op==='mark')out.push(h.mark()); else if(op==='seal')out.push(h.seal()); else if(op==='leave'){h.leave();out.push('left');}
    else if(op==='dead'){d.declareDead(h.slot,h.generation);out.push('dead');}
    else if(op==='acq'){out.push(d.tryAcquireDrain(h.slot));}
    else if(op==='rel'){d.releaseDrain(h.slot);out.push('rel');}
    else if(op==='visit'){out.push(d.drainThreadLanes(h.slot,n));}
  }catch(e){out.push(['err',e.code??String(e.stack)]);} }
  out.push(d.stop({deadlineNs:5e6})); const m=structuredClone(d.metrics());m.threads=m.threads.map(t=>Object.fromEntries(Object.entries(t).sort()));delete m.iterationNs;delete m.longestIterationNs; out.push(JSON.stringify(m));
  d.close(); return out.map(x=>JSON.stringify(x));
}
const op=fc.tuple(fc.constantFrom('reg','emit','emit','detail','detail','turn','turn','sink','begin','commit','mark','mark','seal','leave','dead','metrics','acq','rel','visit','stop'),fc.nat(20),fc.nat(20));
const cfg=fc.record({slots:fc.integer({min:1,max:6}),indexCapacity:fc.constantFrom(2,8,32),detailCapacity:fc.constantFrom(0,4,16),detailRecordBytes:fc.constantFrom(32,64),windowRecords:fc.constantFrom(1,2),preRoll:fc.nat(3),postRoll:fc.nat(3),initialCursor:fc.constantFrom(0,2**32-5),policy:fc.constantFrom('round-robin','weighted-fair'),quantum:fc.integer({min:2,max:9}),maxSkips:fc.nat(3),maxIterationVisits:fc.nat(3),maxIterationEvents:fc.nat(10),maxIterationNs:fc.constantFrom(0,2500),maxBackoffIterations:fc.integer({min:1,max:4})});
const runs=Number(process.argv[2]??500);
const r=fc.check(fc.property(cfg,fc.array(op,{maxLength:80,size:'max'}),(c,ops)=>{const a=play(ref,c,ops),b=play(nat,c,ops); for(let i=0;i<Math.max(a.length,b.length);i++) if(a[i]!==b[i]) return false; return true;}),{numRuns:runs,seed:Number(process.argv[3]??1)});
if(r.failed){const [c,ops]=r.counterexample;console.log(JSON.stringify(c),JSON.stringify(ops));const a=play(ref,c,ops),b=play(nat,c,ops);for(let i=0;i<Math.max(a.length,b.length);i++)if(a[i]!==b[i]){console.log('at',i,'\nref',a.slice(Math.max(0,i-3),i+2).join('\n    '),'\nnat',b.slice(Math.max(0,i-3),i+2).join('\n    '));break;}}else console.log('ok',r.numRuns);
