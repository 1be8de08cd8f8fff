import { expect, it } from 'vitest';
import { bitsAt, setBitsAt, VotePages } from './vote-pages.ts';

it('gives each ballot bytes of its own, which are zero, also when they were used before', () => {
  const members = [0, 1, 2];
  const pages = new VotePages(members.length);
  const places = Array.from({ length: 150 }, () => pages.take());
  for (const [index, place] of places.entries()) for (const member of members) setBitsAt(place, member, (index + member) % 256);
  for (const [index, place] of places.entries())
    expect(members.map((member) => bitsAt(place, member))).toEqual(members.map((member) => (index + member) % 256));
  const given = places.filter((_, index) => index % 2 === 0);
  for (const place of given) pages.give(place);
  const again = given.map(() => pages.take());
  for (const place of again) expect(members.map((member) => bitsAt(place, member))).toEqual([0, 0, 0]);
  for (const [index, place] of places.entries()) if (index % 2 === 1) expect(bitsAt(place, 2)).toBe((index + 2) % 256);
});
