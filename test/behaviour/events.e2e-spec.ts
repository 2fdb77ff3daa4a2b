import { EventsApp } from '../apps/events.app.js';
import { hosts } from '../apps/events-hosts.js';
import { connect, type RawSocket } from '../support/raw-client.js';

interface Exchange {
  readonly what: string;
  /** Sent as it is, or as JSON. */
  readonly message: string | Buffer | { event: unknown; data?: unknown };
  readonly answers: readonly unknown[];
  /** What is logged of it. */
  readonly logged?: string;
}

const answered = (data: unknown) => ({ event: 'answered', data });
const exception = (data: unknown) => ({ event: 'exception', data });

/** What Nest makes of an exception that has a text, or none to show. */
const failed = (pattern: string, message: string, data: unknown) =>
  exception({ status: 'error', message, cause: { pattern, ...(data !== undefined && { data }) } });

const INTERNAL = 'Internal server error';

const ignored: Exchange[] = [
  { what: 'an unknown event', message: { event: 'unknown', data: 1 } },
  ...['__proto__', 'constructor', 'toString', 'value ', 'VALUE', ''].map((event) => ({
    what: `the event ${JSON.stringify(event)}`,
    message: { event, data: 1 },
  })),
  { what: 'an event that is a number', message: { event: 1, data: 1 } },
  { what: 'an event that is null', message: { event: null, data: 1 } },
  { what: 'an event in an array', message: { event: ['value'], data: 1 } },
  { what: 'no event', message: '{"data":1}' },
  { what: 'no JSON', message: 'value' },
  { what: 'half a JSON', message: '{"event":"value"' },
  { what: 'nothing', message: '' },
  { what: 'bytes of no text', message: Buffer.of(0xff, 0xfe, 0) },
  ...['null', 'true', '0', '1', '"value"', '[]', '["value",1]', '[{"event":"value","data":1}]'].map(
    (message) => ({ what: `the JSON ${message}`, message }),
  ),
].map((row) => ({ ...row, answers: [] }));

const values: Exchange[] = [
  ...[0, 1, '', 'text', true, false, [], [1, [2]], {}, { a: { b: 1 } }, '\u2028 "ü" 😀'].map(
    (data) => ({
      what: `the value ${JSON.stringify(data)}`,
      message: { event: 'value', data },
      answers: [data],
    }),
  ),
  { what: 'null', message: { event: 'value', data: null }, answers: [] },
  { what: 'no data', message: { event: 'value' }, answers: [] },
  {
    what: 'no data in a response',
    message: { event: 'response' },
    answers: [{ event: 'answered' }],
  },
  { what: 'more than event and data', message: '{"event":"value","data":1,"x":2}', answers: [1] },
  { what: 'an event twice', message: '{"event":"x","event":"value","data":1}', answers: [1] },
  { what: 'JSON with space around', message: ' {"event":"value","data":1}\n', answers: [1] },
  {
    what: 'JSON as binary',
    message: Buffer.from('{"event":"value","data":1}'),
    answers: [1],
  },
];

const handlers: Exchange[] = [
  { what: 'a response', message: { event: 'response', data: 1 }, answers: [answered(1)] },
  { what: 'a promise', message: { event: 'promise', data: 1 }, answers: [answered(1)] },
  {
    what: 'an observable',
    message: { event: 'observable', data: [1, 2, 3] },
    answers: [1, 2, 3].map(answered),
  },
  {
    what: 'a promise of an observable',
    message: { event: 'promise of observable', data: [1, null, 2] },
    answers: [1, 2],
  },
  { what: 'an observable without a value', message: { event: 'empty' }, answers: [] },
  { what: 'undefined', message: { event: 'nothing' }, answers: [] },
  {
    what: 'arguments without decorators',
    message: { event: 'arguments', data: 1 },
    answers: [answered({ data: 1, canSend: 'function' })],
  },
  {
    what: 'a part of the body, and the socket',
    message: { event: 'parts', data: { name: 'Ada' } },
    answers: [answered({ name: 'Ada' })],
  },
  { what: 'a part of no body', message: { event: 'parts' }, answers: [answered({})] },
  {
    what: 'an interceptor',
    message: { event: 'interceptor', data: 1 },
    answers: [answered({ wrapped: 1 })],
  },
  {
    what: 'the execution context',
    message: { event: 'context', data: 1 },
    answers: [
      { type: 'ws', class: 'EventsGateway', handler: 'context', pattern: 'context', data: 1 },
    ],
  },
  {
    what: 'a guard that lets in',
    message: { event: 'guard', data: { admin: true } },
    answers: ['you may'],
  },
  {
    what: 'a guard that refuses',
    message: { event: 'guard', data: { admin: false } },
    answers: [failed('guard', 'Forbidden resource', { admin: false })],
  },
  {
    what: 'a guard without data',
    message: { event: 'guard' },
    answers: [failed('guard', 'Forbidden resource', undefined)],
  },
  { what: 'an async guard', message: { event: 'async guard', data: 1 }, answers: ['you may'] },
  {
    what: 'an async guard that throws',
    message: { event: 'async guard', data: 'throw' },
    answers: [failed('async guard', 'Not you', 'throw')],
  },
  ...['pipe', 'parameter pipe'].flatMap((event) => [
    { what: `a ${event} that lets pass`, message: { event, data: 1 }, answers: [1] },
    {
      what: `a ${event} that throws`,
      message: { event, data: 'x' },
      answers: [failed(event, 'A number, please', 'x')],
    },
    {
      what: `a ${event} that throws an object`,
      message: { event, data: -1 },
      answers: [exception({ problem: 'negative', value: -1 })],
    },
    {
      what: `a ${event} that throws an HTTP exception`,
      message: { event, data: 0 },
      answers: [failed(event, INTERNAL, 0)],
    },
    {
      what: `a ${event} without data`,
      message: { event },
      answers: [failed(event, 'A number, please', undefined)],
    },
  ]),
];

const failures: Exchange[] = [
  ...['exception', 'rejected exception'].flatMap((event) => [
    {
      what: `a ${event} with a text`,
      message: { event, data: 'No' },
      answers: [failed(event, 'No', 'No')],
    },
    {
      what: `a ${event} with an object`,
      message: { event, data: { code: 7 } },
      answers: [exception({ code: 7 })],
    },
  ]),
  ...['error', 'rejected error'].map((event) => ({
    what: `a ${event}`,
    message: { event, data: 1 },
    answers: [failed(event, INTERNAL, 1)],
    logged: 'Something broke',
  })),
  {
    what: 'an observable that fails with an exception',
    message: { event: 'observable that fails', data: 'exception' },
    answers: ['first', failed('observable that fails', 'exception', 'exception')],
  },
  {
    what: 'an observable that fails with an error',
    message: { event: 'observable that fails', data: 'error' },
    answers: ['first', failed('observable that fails', INTERNAL, 'error')],
    logged: 'Something broke',
  },
  {
    what: 'an exception for a filter',
    message: { event: 'filter', data: 'mine' },
    answers: [{ event: 'oops', data: 'mine' }],
  },
  {
    what: 'an exception for no filter',
    message: { event: 'filter', data: 'other' },
    answers: [failed('filter', INTERNAL, 'other')],
    logged: 'Not for the filter',
  },
  {
    what: 'a filter that throws',
    message: { event: 'failing filter' },
    answers: [],
    logged: 'The filter is broken',
  },
];

const bytesOf = (message: Exchange['message']): string | Buffer =>
  typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message);

async function nextAnswer(socket: RawSocket): Promise<unknown> {
  const { data, isBinary } = await socket.nextMessage();
  expect(isBinary).toBe(false);
  return JSON.parse(data.toString());
}

/** One socket for all: what went wrong before must not matter. */
describe.each(hosts)('events under $name', ({ useHost }) => {
  const host = useHost(EventsApp);
  let socket: RawSocket;

  beforeAll(async () => {
    socket = await connect(host().target, '/events');
  });
  afterAll(async () => {
    socket.close(1000);
    await socket.ended();
  });

  /** The answer to a later message shows that there is no other one before it. */
  async function expectAnswers(answers: readonly unknown[]): Promise<void> {
    for (const answer of answers) expect(await nextAnswer(socket)).toEqual(answer);
    socket.send(JSON.stringify({ event: 'promise', data: 'last' }));
    expect(await nextAnswer(socket)).toEqual(answered('last'));
  }

  const check = async ({ message, answers, logged }: Exchange): Promise<void> => {
    socket.send(bytesOf(message));
    await expectAnswers(answers);
    expect(host().log.complaints.map((complaint) => complaint.message)).toEqual(
      logged === undefined ? [] : [logged],
    );
  };

  it.each(ignored)('$what: ignored', check);
  it.each(values)('$what: comes back', check);
  it.each(handlers)('$what: works', check);
  it.each(failures)('$what: is told, and the socket goes on', check);

  it('handlers run side by side, and answer when they are ready', async () => {
    for (const data of [1, 2, 3]) socket.send(JSON.stringify({ event: 'wait', data }));
    await expectAnswers([]);
    socket.send(JSON.stringify({ event: 'go on' }));
    await expectAnswers([3, 2, 1]);
  });

  it('handlers of two sockets do not mix', async () => {
    const other = await connect(host().target, '/events');
    for (const data of [1, 2, 3]) {
      socket.send(JSON.stringify({ event: 'promise', data: `a${data}` }));
      other.send(JSON.stringify({ event: 'promise', data: `b${data}` }));
    }
    for (const data of [1, 2, 3]) {
      expect(await nextAnswer(other)).toEqual(answered(`b${data}`));
    }
    await expectAnswers([1, 2, 3].map((data) => answered(`a${data}`)));
    other.destroy();
  });
});
