import { compressedFrameCases } from './cases/compressed-frames.js';
import { contentCases, parameterCases } from './cases/compression.js';
import { frameCases } from './cases/index.js';
import { limitCases } from './cases/limits.js';
import { sizeCases } from './cases/sizes.js';
import { thresholdCases } from './cases/threshold.js';

it('every conformance case has an id of its own', () => {
  const cases = [
    ...Object.values(frameCases).flat(),
    ...sizeCases,
    ...limitCases,
    ...contentCases,
    ...compressedFrameCases,
    ...parameterCases,
    ...thresholdCases,
  ];
  const seen = new Set<string>();
  const doubled = cases.filter(({ id }) => seen.size === seen.add(id).size);
  expect(doubled).toEqual([]);
});
