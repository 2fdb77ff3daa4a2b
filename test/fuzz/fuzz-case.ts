import { controlFlood, corrupt, type Piece, randomPiece } from './pieces.js';
import { Random } from './random.js';

/** What a client offers; `takeover`: its messages may refer to earlier ones. */
export type Compression = 'none' | 'takeover' | 'no takeover';

/** What one client sends, and how it is cut into writes. */
export interface FuzzCase {
  readonly seed: number;
  readonly index: number;
  readonly compression: Compression;
  readonly pieces: readonly Piece[];
  /** Where in the stream another write begins; what is behind its end does not count. */
  readonly cuts: readonly number[];
}

const MAX_PIECES = 10;
const MAX_CUTS = 12;

/** Up to this size a stream may be cut at every byte. */
const EVERY_BYTE_UP_TO = 300;

/** The case of a seed; always the same. */
export function fuzzCase(seed: number, index: number): FuzzCase {
  const random = new Random(seed, index);
  const compression = random.weighted<Compression>([
    [6, 'none'],
    [2, 'takeover'],
    [2, 'no takeover'],
  ]);
  if (random.chance(0.005)) {
    // In one write, for its time counts.
    return { seed, index, compression, pieces: [controlFlood(random)], cuts: [] };
  }
  const count = random.between(1, MAX_PIECES);
  const pieces = Array.from({ length: count }, () => randomPiece(random, compression !== 'none'));
  if (random.chance(0.25)) {
    const victim = random.between(0, count - 1);
    pieces[victim] = corrupt(random, pieces[victim]);
  }
  return { seed, index, compression, pieces, cuts: randomCuts(random, totalLength(pieces)) };
}

function totalLength(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function randomCuts(random: Random, length: number): number[] {
  if (length <= EVERY_BYTE_UP_TO && random.chance(0.2)) {
    return Array.from({ length }, (_, at) => at);
  }
  // Most mistakes hide in heads, and those of the first frames are all small.
  const near = random.chance(0.5) ? Math.min(length, 200) : length;
  return Array.from({ length: random.between(0, MAX_CUTS) }, () => random.between(0, near));
}

/** The stream, one buffer for each write. */
export function chunksOf({ pieces, cuts }: Pick<FuzzCase, 'pieces' | 'cuts'>): Buffer[] {
  const stream = Buffer.concat(pieces);
  const borders = [...new Set([0, ...cuts, stream.length])]
    .filter((at) => at <= stream.length)
    .toSorted((a, b) => a - b);
  return borders.slice(1).map((end, index) => stream.subarray(borders[index], end));
}
