import { HeldChannels } from './held-channels.js';
import { runClosedLoop } from './closed-loop.js';
import { runHandshakes } from './handshake-loop.js';
import type { Job } from './job.js';
import { runOpenLoop } from './open-loop.js';

// The child process that makes the load: takes a job as a message, answers with its result.

const held = new HeldChannels();

async function run(job: Job): Promise<unknown> {
  switch (job.kind) {
    case 'closed-loop':
      return runClosedLoop(job);
    case 'open-loop':
      return runOpenLoop(job);
    case 'handshakes':
      return runHandshakes(job);
    case 'hold':
      return held.open(job);
    case 'touch':
      return held.touch(job);
    default:
      return held.release();
  }
}

process.on('message', (job: Job) => {
  run(job).then(
    (result) => process.send!({ result }),
    (error: Error) => process.send!({ error: error.message }),
  );
});
process.on('disconnect', () => process.exit());
