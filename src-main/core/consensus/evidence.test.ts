import { describe, expect, it } from 'vitest';
import { toHex } from '../crypto/hex.ts';
import { block, precommit, prevote, voteOf } from './consensus.fixture.ts';
import { contradict, decodeEvidence, evidenceOf } from './evidence.ts';

describe('evidence', () => {
  it('is the same whichever vote came first, and names signer, place and values', () => {
    const [a, b] = [prevote(1, 3, block(1)), prevote(1, 3, undefined)];
    expect(evidenceOf(a, b)).toEqual(evidenceOf(b, a));
    expect(evidenceOf(a, b).nodeId).toBe(a.nodeId);
    expect(evidenceOf(a, b).contradiction).toEqual({ kind: 'block-votes', phase: 'prevote', height: 1, round: 3, values: [block(1), undefined] });
  });

  it('decodes to the two votes, and nothing else decodes', () => {
    const [a, b] = [precommit(1, 3, block(1)), precommit(1, 3, block(2))];
    const { encoded } = evidenceOf(a, b);
    expect(decodeEvidence(encoded)).toEqual({ first: a, second: b });
    const half = encoded.length / 2;
    const swapped = Uint8Array.from([...encoded.slice(half), ...encoded.slice(0, half)]);
    const twice = Uint8Array.from([...encoded.slice(0, half), ...encoded.slice(0, half)]);
    for (const wrong of [swapped, twice, encoded.slice(1), Uint8Array.from([...encoded, 0])]) {
      expect(() => decodeEvidence(wrong), toHex(wrong)).toThrow();
    }
  });

  it.each([
    ['the same value', prevote(1, 3, block(1))],
    ['another signer', prevote(2, 3, block(2))],
    ['another round', prevote(1, 4, block(2))],
    ['another phase', precommit(1, 3, block(2))],
    ['another height', voteOf(1, 'prevote', 3, block(2), 2)],
  ])('is not made of %s', (_, other) => {
    const vote = prevote(1, 3, block(1));
    expect(contradict(vote, other)).toBe(false);
    expect(() => evidenceOf(vote, other)).toThrow();
  });
});
