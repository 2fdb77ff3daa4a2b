/** Starts something and calls `done` once when it is over, now or later; never throws. */
export type Job = (done: () => void) => void;

/** Runs jobs in order, `limit` of them at a time. */
export class JobQueue {
  private waiting: Job[] = [];
  private running = 0;
  private isStarting = false;

  constructor(private readonly limit: number) {}

  /** Whether no job runs or waits. */
  get isIdle(): boolean {
    return this.running === 0 && this.waiting.length === 0;
  }

  add(job: Job): void {
    this.waiting.push(job);
    this.start();
  }

  /** Forgets the jobs that wait; those that run go on. */
  clear(): void {
    this.waiting = [];
  }

  private start(): void {
    // A job that is over at once comes back here: the loop takes the next one, not a deeper call.
    if (this.isStarting) return;
    this.isStarting = true;
    while (this.running < this.limit) {
      const job = this.waiting.shift();
      if (job === undefined) break;
      this.running++;
      job(this.finish);
    }
    this.isStarting = false;
  }

  private readonly finish = (): void => {
    this.running--;
    this.start();
  };
}
