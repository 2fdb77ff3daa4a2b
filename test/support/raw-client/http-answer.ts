/** Header names in lower case; what came more than once is joined with `, `. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** An HTTP response, whatever the version it came over. */
export class HttpAnswer {
  constructor(
    readonly status: number,
    readonly headers: AnswerHeaders,
    readonly body: Buffer,
  ) {}

  get text(): string {
    return this.body.toString();
  }

  /** The body as JSON. */
  json(): unknown {
    return JSON.parse(this.text);
  }
}

/** The headers of `node:http` or `node:http2` without pseudo headers. */
export function plainHeaders(headers: NodeJS.Dict<string | string[]>): AnswerHeaders {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.startsWith(':')) continue;
    plain[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}
