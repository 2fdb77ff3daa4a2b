import type { ConformanceCase } from '../case.js';
import { closingCases } from './closing.js';
import { fragmentationCases } from './fragmentation.js';
import { framingCases } from './framing.js';
import { lengthCases } from './lengths.js';
import { opcodeCases } from './opcodes.js';
import { pingCases } from './pings.js';
import { reservedBitCases } from './reserved-bits.js';
import { utf8Cases } from './utf8.js';

/** What needs no setting of its own, by the groups of the Autobahn test suite. */
export const frameCases: Readonly<Record<string, readonly ConformanceCase[]>> = {
  '1 framing': [...framingCases, ...lengthCases],
  '2 pings and pongs': pingCases,
  '3 reserved bits': reservedBitCases,
  '4 opcodes': opcodeCases,
  '5 fragmentation': fragmentationCases,
  '6 UTF-8': utf8Cases,
  '7 closing': closingCases,
};
