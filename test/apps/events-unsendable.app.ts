import { Injectable, Module, UseInterceptors } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Observable, of } from 'rxjs';
import { Inbox } from '../support/inbox.js';

/** No JSON can hold it. */
const circular: Record<string, unknown> = {};
circular.self = circular;

class NoInterceptor {
  intercept(_context: unknown, next: { handle(): Observable<unknown> }): Observable<unknown> {
    return next.handle();
  }
}

/** What the application was told of its clients. */
@Injectable()
export class Journal extends Inbox<string> {}

@WebSocketGateway({ path: '/unsendable' })
class UnsendableGateway {
  constructor(private readonly journal: Journal) {}

  @SubscribeMessage('value')
  value(): unknown {
    return circular;
  }

  @SubscribeMessage('promise')
  async promise(): Promise<unknown> {
    return circular;
  }

  @SubscribeMessage('observable')
  observable(): Observable<unknown> {
    return of(circular);
  }

  @UseInterceptors(NoInterceptor)
  @SubscribeMessage('intercepted value')
  intercepted(): unknown {
    return circular;
  }

  @UseInterceptors(NoInterceptor)
  @SubscribeMessage('intercepted promise')
  async interceptedPromise(): Promise<unknown> {
    return circular;
  }

  @SubscribeMessage('big integer')
  bigInteger(): unknown {
    return { data: 1n };
  }

  @SubscribeMessage('endless')
  endless(): Observable<string> {
    return new Observable((subscriber) => {
      subscriber.next('first');
      return () => this.journal.put('unsubscribed');
    });
  }

  @SubscribeMessage('fine')
  fine(): string {
    return 'fine';
  }
}

/** Answers that cannot be sent, or that nobody is there for any more. */
@Module({ providers: [UnsendableGateway, Journal] })
export class UnsendableApp {}
