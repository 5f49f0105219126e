import type { ReactElement } from 'react';
import * as v from 'valibot';
import styles from './tool-card.module.css';

/** The value that the server shows to the person who approves an offer. */
const offerSchema = v.object({
  customer: v.string(),
  product: v.string(),
  quantity: v.number(),
  total: v.number(),
  discountPercent: v.number(),
});

/** Shows an offer to the person who approves it. The signed offer stays on the server. */
export function OfferView({ shown }: { readonly shown: unknown }): ReactElement | null {
  const offer = v.safeParse(offerSchema, shown);
  if (!offer.success) return null;
  const { customer, product, quantity, total, discountPercent } = offer.output;
  return (
    <blockquote className={styles['note']}>
      <strong>To {customer}</strong>
      <span>
        {quantity} × {product} for {total.toLocaleString('en', { style: 'currency', currency: 'EUR' })},{' '}
        {discountPercent} % off
      </span>
    </blockquote>
  );
}
