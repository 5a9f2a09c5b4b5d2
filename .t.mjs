import { SubjectClient } from './dist/conformance/client/subject-client.js';
import { subjectCommand, OWN_DRAINS } from './dist/conformance/runner/drains.js';
import { Scenario } from './dist/spec/index.js';
import * as b from './dist/conformance/scenarios/build.js';
for (const n of ['reference','native']) {
const c = new SubjectClient(subjectCommand(OWN_DRAINS[n]));
console.log(JSON.stringify(await c.open()));
const h=await c.run(Scenario.parse(b.stepped({indexCapacity:8},b.register(1),b.emit(1,'index',10),b.submit(1,1,1),b.emit(1,'detail',9),b.mark(1),b.turn(2),b.begin(1,1,1),b.turn(1),b.commit(1),b.settle(),b.leave(1),b.metrics(),b.stop())));
if(h.ok) for(const r of h.value) console.log(JSON.stringify(r)); else console.log(h);
const t0=performance.now();
const f=await c.run(Scenario.parse(b.free({indexCapacity:1024},Array.from({length:64},(_,i)=>({threadId:i+1,events:100000})))));
console.log(performance.now()-t0, f.ok? f.value.length: f, f.ok&&f.value.slice(-3).map(x=>JSON.stringify(x).slice(0,300)));
await c.close();
}
