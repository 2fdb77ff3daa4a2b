const SIZE = 512 * 1024;
const WORDS =
  'the of and to in that he was his with as for it is on be at by this have are not which one';

/** What messages are made of: how well it compresses decides which blocks DEFLATE takes. */
export const corpora = {
  json: lazy(() =>
    fill((random) => `{"id":${random(1e6)},"name":"user-${random(999)}","ok":true},`),
  ),
  prose: lazy(() => fill((random) => `${WORDS.split(' ')[random(18)]} `)),
  markup: lazy(() => fill((random) => `<li class="item-${random(9)}"><a href="/${random(99)}">`)),
  zeros: lazy(() => Buffer.alloc(SIZE)),
  noise: lazy(noise),
} as const;

export type CorpusName = keyof typeof corpora;

/** The `index`-th message of so many bytes. */
export function messageOf(name: CorpusName, size: number, index: number): Buffer {
  const corpus = corpora[name]();
  const start = (index * size) % (corpus.length - size);
  return corpus.subarray(start, start + size);
}

/** `gap` bytes of noise, twice: only a window that large sees the repetition. */
export function repeatedNoise(gap: number): Buffer {
  const part = corpora.noise().subarray(0, gap);
  return Buffer.concat([part, part]);
}

function fill(next: (random: (below: number) => number) => string): Buffer {
  const random = generator();
  let text = '';
  while (text.length < SIZE) text += next(random);
  return Buffer.from(text).subarray(0, SIZE);
}

function noise(): Buffer {
  const random = generator();
  return Buffer.from(Array.from({ length: SIZE }, () => random(256)));
}

/** The same numbers in every run (a linear congruential generator). */
function generator(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function lazy(make: () => Buffer): () => Buffer {
  let made: Buffer | undefined;
  return () => (made ??= make());
}
