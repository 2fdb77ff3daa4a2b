import type { Http2ServerResponse } from 'node:http2';
import type { AcceptHeaders } from './accept-headers.js';
import { assertAcceptHeaders } from './accept-headers.js';
import { Http2Transport } from './http2-transport.js';
import type { Transport, Upgrade } from './transport.js';

/**
 * Events to which the request and response objects listen on a stream, to hand on what concerns a
 * request's body or a response. 'error' and 'close' stay: the first keeps the process alive, with
 * the second the objects let go of the stream.
 */
const bodyEvents = ['aborted', 'drain', 'end', 'timeout', 'trailers', 'wantTrailers'] as const;

/** An HTTP/2 extended CONNECT (RFC 8441, section 4). */
export class Http2Upgrade implements Upgrade {
  readonly httpVersion = '2.0';

  private accepted = false;

  constructor(
    readonly protocol: string,
    private readonly response: Http2ServerResponse,
  ) {}

  get isAbandoned(): boolean {
    const { stream } = this.response;
    // The compatibility response lets go of its stream when that has closed.
    return stream === undefined || stream.destroyed || stream.closed;
  }

  accept(headers: AcceptHeaders): Transport {
    assertAcceptHeaders(headers);
    if (this.isAbandoned) throw new Error('The client has gone');
    const { stream } = this.response;
    if (this.accepted) throw new Error('The upgrade was already accepted');
    if (stream.headersSent) throw new Error('The upgrade was already answered');
    this.accepted = true;
    for (const event of bodyEvents) stream.removeAllListeners(event);
    stream.respond({ ':status': 200, ...headers });
    return new Http2Transport(stream);
  }
}
