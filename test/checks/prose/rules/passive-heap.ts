import type { StyleRule } from '../rule.ts';

const irregular =
  'begun|broken|brought|built|caught|chosen|cut|done|drawn|driven|found|given|heard|held|hidden|kept|known|left|' +
  'lost|made|meant|met|paid|put|read|said|seen|sent|set|shown|shut|spent|split|taken|thrown|told|understood|woken|written';
const passive = new RegExp(
  `\\b(?:is|are|was|were|be|been|being)(?: (?:not|never|only|also|then|still|again|once|already|always|first|\\w+ly))?` +
    ` (?:\\w+ed|${irregular})\\b`,
  'gi',
);
const limit = 2;

export const passiveHeap: StyleRule = {
  name: 'passive-heap',
  check({ text }) {
    const found = text.match(passive) ?? [];
    if (found.length <= limit) return [];
    return [
      {
        index: 0,
        length: text.length,
        message: `${found.length} passives (“${found.join('”, “')}”): name the component that acts`,
      },
    ];
  },
};
