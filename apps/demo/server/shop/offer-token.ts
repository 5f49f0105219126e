import { createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';

const offerSchema = v.object({
  customer: v.string(),
  product: v.string(),
  quantity: v.number(),
  /** Euros. */
  total: v.number(),
  discountPercent: v.number(),
});

export type Offer = v.InferOutput<typeof offerSchema>;

function signatureOf(payload: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(payload).digest();
}

/** Returns an offer as a text with a signature, so that the model that passes it on cannot change the price. */
export function signOffer(offer: Offer, secret: string): string {
  const payload = Buffer.from(JSON.stringify(offer)).toString('base64url');
  return `${payload}.${signatureOf(payload, secret).toString('base64url')}`;
}

/** @throws Error if this server has not signed the offer */
export function readOffer(token: string, secret: string): Offer {
  const [payload = '', signature = ''] = token.split('.');
  const expected = signatureOf(payload, secret);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new Error('This offer has no valid signature. Call sign_offer, and pass on its token unchanged.');
  }
  return v.parse(offerSchema, JSON.parse(Buffer.from(payload, 'base64url').toString()));
}
