import { expect, test } from 'vitest';
import { createIdNames } from './id-names.ts';
import { createIdSigner } from './id-signer.ts';

const signer = createIdSigner(['a secret of the site, long enough'], 1_000_000);
const issuedAt = 5_000;

test('an id keeps the name that the client came with: another one would look like another response', async () => {
  const names = createIdNames(signer, 'ann', issuedAt, [['resp_1', 'resp_known']]);
  expect(await names.nameOf('resp_1')).toBe('resp_known');
});

test('a new id gets one name for the whole exchange', async () => {
  const names = createIdNames(signer, 'ann', issuedAt, []);
  const name = await names.nameOf('resp_2');
  expect(await names.nameOf('resp_2')).toBe(name);
  expect(await signer.verify(name, 'ann', issuedAt)).toEqual({
    responseId: 'resp_2',
    issuedAt,
    secret: 0,
  });
});

test('an item gets one name for the whole exchange, and the same one whenever its response is looked at', async () => {
  const names = createIdNames(signer, 'ann', issuedAt, []);
  const name = await names.itemNameOf('rs_1');
  expect(await names.itemNameOf('rs_1')).toBe(name);
  expect(await createIdNames(signer, 'ann', issuedAt, []).itemNameOf('rs_1')).toBe(name);
  expect(await signer.verifyItem(name, 'ann', issuedAt)).toBe('rs_1');
  expect(names.inText("Item 'rs_1' was provided without 'rs_12'.")).toBe(
    `Item '${name}' was provided without 'rs_12'.`,
  );
});

test('an item that the client named keeps its name, and one that cannot be signed its id', async () => {
  const names = createIdNames(signer, 'ann', issuedAt, [], { items: [['rs_1', 'rs_known']] });
  expect(await names.itemNameOf('rs_1')).toBe('rs_known');
  expect(await names.itemNameOf('ö')).toBe('ö');
});

test('in texts, ids of the exchange get their names, and those of others are taken out', async () => {
  const names = createIdNames(signer, 'ann', issuedAt, [['resp_1', 'resp_known']]);
  expect(names.inText("Previous response with id 'resp_1' not found.")).toBe(
    "Previous response with id 'resp_known' not found.",
  );
  expect(names.inText('It is resp_1, not resp_12 or resp_of_somebody.')).toBe(
    'It is resp_known, not [another response] or [another response].',
  );
  expect(names.inText('resp_known is not found')).toBe('resp_known is not found');
});
