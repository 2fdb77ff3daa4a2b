import { ForbiddenException, type CanActivate, type Type } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { isObservable, lastValueFrom } from 'rxjs';

/** Runs guards as Nest does for a controller. */
export class GuardRunner {
  constructor(
    private readonly guards: readonly CanActivate[],
    private readonly classRef: Type,
    private readonly handler: () => unknown,
  ) {}

  /** @throws what a guard throws, or 403 if one returns false */
  async run(...args: unknown[]): Promise<void> {
    const context = new ExecutionContextHost(args, this.classRef, this.handler);
    context.setType('http');
    for (const guard of this.guards) {
      const result = guard.canActivate(context);
      const isAllowed = isObservable(result) ? await lastValueFrom(result) : await result;
      if (!isAllowed) throw new ForbiddenException('Forbidden resource');
    }
  }
}
