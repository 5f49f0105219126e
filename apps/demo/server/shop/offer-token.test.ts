import { expect, test } from 'vitest';
import { readOffer, signOffer } from './offer-token.ts';

const offer = { customer: 'Alder Cycles', product: 'Chain', quantity: 20, total: 432, discountPercent: 10 };
const secret = 'a secret of the server';

test('a signed offer is read as it was signed', () => {
  expect(readOffer(signOffer(offer, secret), secret)).toEqual(offer);
});

test('an offer with another price, another signature or no signature is refused', () => {
  const [, signature] = signOffer(offer, secret).split('.');
  const cheaper = Buffer.from(JSON.stringify({ ...offer, total: 1 })).toString('base64url');
  const tokens = [`${cheaper}.${signature}`, signOffer(offer, 'another secret'), cheaper, `${cheaper}.`, ''];
  for (const token of tokens) expect(() => readOffer(token, secret)).toThrow('no valid signature');
});
