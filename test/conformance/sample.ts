const LARGEST = 16 * 1024 * 1024;
const PERIOD = 0x10000;

const printable = repeated((index) => 0x20 + ((index * 7 + (index >> 8)) % 95));
const bytes = repeated((index) => (index * 31 + (index >> 8)) & 0xff);

/** So many bytes of ASCII text in which a piece that is lost or out of place shows. */
export const sampleText = (length: number): Buffer => slice(printable, length);

/** The same with bytes of any value. */
export const sampleBytes = (length: number): Buffer => slice(bytes, length);

function slice(source: () => Buffer, length: number): Buffer {
  if (length > LARGEST) throw new RangeError(`a sample has at most ${LARGEST} bytes`);
  return source().subarray(0, length);
}

/** Made at the first use, and once. */
function repeated(byteAt: (index: number) => number): () => Buffer {
  let made: Buffer | undefined;
  return () => {
    made ??= Buffer.alloc(
      LARGEST,
      Buffer.from(Array.from({ length: PERIOD }, (_, i) => byteAt(i))),
    );
    return made;
  };
}
