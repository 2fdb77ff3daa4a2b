/** The server closes with this code and reads no more. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(readonly code: number | 'empty') {
    super(`closed with ${code}`);
  }
}
