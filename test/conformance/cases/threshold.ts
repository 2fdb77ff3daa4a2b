import { binary, gotBinary, gotText, text } from '../case.js';
import { sampleText } from '../sample.js';
import { type CompressionCase, PLAIN_OFFER } from './compression.js';

const SIZES = [0, 1, 1_000, 1_023, 1_024, 1_025, 65_536];

/** 15.*: WS_COMPRESSION_THRESHOLD in bytes, here 1,024; the runner looks at RSV1. */
export const thresholdCases: readonly CompressionCase[] = [
  ...SIZES.map((size, index) => ({
    id: `15.1.${index + 1}`,
    name: `text and binary of ${size} bytes`,
    offer: PLAIN_OFFER,
    send: [text(sampleText(size)), binary(sampleText(size))],
    expect: [gotText(sampleText(size)), gotBinary(sampleText(size))],
  })),
  {
    id: '15.1.8',
    name: 'bytes count, not characters',
    offer: PLAIN_OFFER,
    send: [text('é'.repeat(511)), text('é'.repeat(512))],
    expect: [gotText('é'.repeat(511)), gotText('é'.repeat(512))],
  },
  {
    id: '15.1.9',
    name: 'messages below and above in turns stay in order',
    offer: PLAIN_OFFER,
    send: SIZES.flatMap((size) => [text('small'), text(sampleText(size))]),
    expect: SIZES.flatMap((size) => [gotText('small'), gotText(sampleText(size))]),
  },
];
