import { join } from 'node:path';
import { readOptions } from './options.js';
import { Session } from './measure/session.js';
import { measureThroughput } from './measure/throughput.js';
import { chooseCores } from './servers/cores.js';
import { allSubjects } from './servers/subjects.js';
import { summarize, valuesOf } from './measure/statistics.js';
const o = readOptions(process.argv.slice(2));
if (o === 'help') process.exit();
void join;
const subjects = [];
for (const s of allSubjects(o.wren)) {
  if (o.subjects && !o.subjects.includes(s.id)) continue;
  try { await s.server.prepare(); subjects.push(s); } catch (e) { console.log('not run', s.title, (e as Error).message); }
}
const session = new Session(subjects, chooseCores(), { rounds: o.rounds, seconds: o.seconds, warmUpSeconds: 0.3 });
const r = await measureThroughput(session, subjects, o.cells);
for (const c of o.cells) for (const s of subjects) {
  const a = summarize(valuesOf(r.perCpuSecond[c.id][s.id])), b = summarize(valuesOf(r.perSecond[c.id][s.id]));
  const w = summarize(valuesOf(r.perCpuSecond[c.id]['ws']));
  console.log(c.title, s.title.padEnd(22), a && Math.round(a.median), b && Math.round(b.median), a && w && (a.median / w.median).toFixed(2));
}
console.log(r.failures);
await session.stop();
