import { JobQueue } from './job-queue.js';

describe('JobQueue', () => {
  it('runs jobs in order, no more than its limit at a time', () => {
    const queue = new JobQueue(2);
    const started: number[] = [];
    const finish: (() => void)[] = [];
    for (let index = 0; index < 4; index++) {
      queue.add((done) => {
        started.push(index);
        finish.push(done);
      });
    }
    expect(started).toEqual([0, 1]);
    finish[1]();
    expect(started).toEqual([0, 1, 2]);
    finish[0]();
    finish[2]();
    expect(started).toEqual([0, 1, 2, 3]);
    expect(queue.isIdle).toBe(false);
    finish[3]();
    expect(queue.isIdle).toBe(true);
  });

  it('does not nest jobs that are over at once', () => {
    const queue = new JobQueue(1);
    let release = () => {};
    queue.add((done) => (release = done));
    let ran = 0;
    for (let index = 0; index < 100_000; index++) {
      queue.add((done) => {
        ran++;
        done();
      });
    }
    release();
    expect(ran).toBe(100_000);
    expect(queue.isIdle).toBe(true);
  });

  it('forgets what waits', () => {
    const queue = new JobQueue(1);
    let release = () => {};
    let hasRun = false;
    queue.add((done) => (release = done));
    queue.add(() => (hasRun = true));
    queue.clear();
    release();
    expect(hasRun).toBe(false);
    expect(queue.isIdle).toBe(true);
  });
});
