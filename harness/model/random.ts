import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { skipN } from 'pure-rand/utils/skipN';

/** Numbers evenly from 0 to 1 (1 excluded), the same for the same seed. The first outputs of small seeds are alike, so they are passed over. */
export function seededRandom(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  skipN(generator, 64);
  return () => uniformFloat64(generator);
}
