import { expect, test } from 'vitest';
import { createIdNames } from './id-names.ts';
import { createIdSigner } from './id-signer.ts';

const signer = createIdSigner(['a secret of the site, long enough'], 1_000_000);
const issuedAt = 5_000;

test('keeps the signed id of the client’s request, because a client identifies a response by it', async () => {
  const names = createIdNames(signer, 'ann', issuedAt, [['resp_1', 'resp_known']]);
  expect(await names.nameOf('resp_1')).toBe('resp_known');
});

test('signs a new id once per exchange', async () => {
  const names = createIdNames(signer, 'ann', issuedAt, []);
  const name = await names.nameOf('resp_2');
  expect(await names.nameOf('resp_2')).toBe(name);
  expect(await signer.verify(name, 'ann', issuedAt)).toEqual({
    responseId: 'resp_2',
    issuedAt,
    secret: 0,
  });
});

test('signs an item id once per exchange, and with the same result at each retrieve of its response', async () => {
  const names = createIdNames(signer, 'ann', issuedAt, []);
  const name = await names.itemNameOf('rs_1');
  expect(await names.itemNameOf('rs_1')).toBe(name);
  expect(await createIdNames(signer, 'ann', issuedAt, []).itemNameOf('rs_1')).toBe(name);
  expect(await signer.verifyItem(name, 'ann', issuedAt)).toBe('rs_1');
  expect(names.inText("Item 'rs_1' was provided without 'rs_12'.")).toBe(
    `Item '${name}' was provided without 'rs_12'.`,
  );
});

test('keeps an item’s signed id from the client, and returns an id that cannot be signed unchanged', async () => {
  const names = createIdNames(signer, 'ann', issuedAt, [], { items: [['rs_1', 'rs_known']] });
  expect(await names.itemNameOf('rs_1')).toBe('rs_known');
  expect(await names.itemNameOf('ö')).toBe('ö');
});

test('replaces ids of the exchange in texts with signed ids, and removes others', async () => {
  const names = createIdNames(signer, 'ann', issuedAt, [['resp_1', 'resp_known']]);
  expect(names.inText("Previous response with id 'resp_1' not found.")).toBe(
    "Previous response with id 'resp_known' not found.",
  );
  expect(names.inText('It is resp_1, not resp_12 or resp_of_somebody.')).toBe(
    'It is resp_known, not [another response] or [another response].',
  );
  expect(names.inText('resp_known is not found')).toBe('resp_known is not found');
});
