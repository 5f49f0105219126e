import { describe, expect, test } from 'vitest';
import { toBase64Url } from './base64url.ts';
import { createIdSigner } from './id-signer.ts';

const secret = 'a secret of the site, long enough';
const raw = 'resp_01b4d93abce33afe00698b9df44be4819bb99fff16d77a0236';
const now = 1_770_757_620_000;
const month = 30 * 24 * 3_600_000;
const signer = createIdSigner([secret], month);

test('verifies a signed id for its principal', async () => {
  const name = await signer.sign(raw, 'ann', now);
  expect(await signer.verify(name, 'ann', now)).toEqual({ responseId: raw, issuedAt: now, secret: 0 });
});

test('a signed id is a path segment with the prefix of an id, and has fewer than 140 characters', async () => {
  const name = await signer.sign(raw, 'ann', now);
  expect(name).toMatch(/^resp_[A-Za-z0-9_-]+$/);
  expect(name.length).toBeLessThan(140);
});

describe('rejects:', () => {
  test('an id of another principal', async () => {
    expect(await signer.verify(await signer.sign(raw, 'ann', now), 'bob', now)).toBeUndefined();
  });

  test('an id of the API itself, which was never signed', async () => {
    expect(await signer.verify(raw, 'ann', now)).toBeUndefined();
  });

  test('an id with any one character changed', async () => {
    const name = await signer.sign(raw, 'ann', now);
    for (let at = 'resp_'.length; at < name.length; at += 1) {
      const forged = `${name.slice(0, at)}${name[at] === 'A' ? 'B' : 'A'}${name.slice(at + 1)}`;
      expect(await signer.verify(forged, 'ann', now)).toBeUndefined();
    }
  });

  test('an id that is truncated, lengthened, or of another form', async () => {
    const name = await signer.sign(raw, 'ann', now);
    for (const forged of [
      name.slice(0, -4),
      `${name}AAAA`,
      name.slice(5),
      `${name}=`,
      'resp_',
      'resp_AQ',
      '',
      'resp_%2e',
    ]) {
      expect(await signer.verify(forged, 'ann', now)).toBeUndefined();
    }
  });

  test('other spellings of a signed id, because only one is valid (attack: BOM)', async () => {
    const name = await signer.sign(raw, 'ann', now);
    const bytes = Uint8Array.from(atob(name.slice(5).replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    );
    const idStart = 38;
    const spelled = (...parts: readonly Uint8Array[]): string =>
      `resp_${toBase64Url(Uint8Array.from(parts.flatMap((part) => [...part])))}`;
    const head = bytes.subarray(0, idStart);
    const id = bytes.subarray(idStart);
    const bom = Uint8Array.of(0xef, 0xbb, 0xbf);
    expect(await signer.verify(spelled(head, id), 'ann', now)).toBeDefined();
    for (const forged of [
      spelled(head, bom, id),
      spelled(head, id, bom),
      spelled(bom, head, id),
      spelled(head, id, Uint8Array.of(0)),
      spelled(head, id, Uint8Array.of(0x20)),
      spelled(head, Uint8Array.of(0xc1, 0xb2), id.subarray(1)),
      `${name}\n`,
      ` ${name}`,
      name.replace('resp_', 'RESP_'),
      name.replace('resp_', 'resp_resp_'),
    ]) {
      expect(await signer.verify(forged, 'ann', now)).toBeUndefined();
    }
  });

  test('an id that is signed with a secret of another site', async () => {
    const stranger = createIdSigner(['another secret that is long enough'], month);
    expect(await signer.verify(await stranger.sign(raw, 'ann', now), 'ann', now)).toBeUndefined();
  });

  test('an id that is older than the maximum age', async () => {
    const name = await signer.sign(raw, 'ann', now);
    expect(await signer.verify(name, 'ann', now + month)).toBeDefined();
    expect(await signer.verify(name, 'ann', now + month + 1)).toBeUndefined();
  });
});

test('the signature depends on where the principal’s id ends and the response id begins', async () => {
  const name = await signer.sign('resp_1', 'ann', now);
  const shifted = await signer.sign('1', 'ann\nresp_', now);
  expect(name).not.toBe(shifted);
  const macOf = (token: string): string =>
    atob(token.slice(5).replaceAll('-', '+').replaceAll('_', '/')).slice(6, 38);
  expect(macOf(name)).not.toBe(macOf(shifted));
});

test('verifies ids of both secrets after a rotation, and signs new ones with the first', async () => {
  const fresh = 'a fresh secret of the same site, too';
  const rotated = createIdSigner([fresh, secret], month);
  const before = await signer.sign(raw, 'ann', now);
  const after = await rotated.sign(raw, 'ann', now);
  expect(await rotated.verify(before, 'ann', now)).toBeDefined();
  expect(await rotated.verify(after, 'ann', now)).toBeDefined();
  expect(await createIdSigner([fresh], month).verify(after, 'ann', now)).toBeDefined();
  expect(await createIdSigner([fresh], month).verify(before, 'ann', now)).toBeUndefined();
});

describe('the id of an item', () => {
  const item = 'rs_01b4d93abce33afe00698b9df44be4819bb99fff16d77a0236';

  test('keeps its prefix, from which clients derive its type', async () => {
    const name = await signer.signItem(item, 'ann', now);
    expect(name).toMatch(/^rs_[A-Za-z0-9_-]{100,140}$/);
    expect(await signer.verifyItem(String(name), 'ann', now)).toBe(item);
  });

  test.each(['msg_1', 'cmp_x-y', 'noprefix', 'ABC_1', '_1', 'item.1', 'a/b+c==', 'x'.repeat(512)])(
    'verifies the signed id of %s',
    async (id) => {
      expect(await signer.verifyItem(String(await signer.signItem(id, 'ann', now)), 'ann', now)).toBe(id);
    },
  );

  test('does not sign an item id that the API cannot have issued', async () => {
    for (const id of ['', 'a b', 'ü', 'x'.repeat(513)])
      expect(await signer.signItem(id, 'ann', now)).toBeUndefined();
  });

  test('rejects an item id of another principal, an expired one, and any other form', async () => {
    const name = String(await signer.signItem(item, 'ann', now));
    expect(await signer.verifyItem(name, 'bob', now)).toBeUndefined();
    expect(await signer.verifyItem(name, 'ann', now + month + 1)).toBeUndefined();
    const other = createIdSigner(['another secret that is long enough'], month);
    expect(await other.verifyItem(name, 'ann', now)).toBeUndefined();
    const forms = [
      item,
      '',
      'rs_',
      name.slice(3),
      `msg_${name.slice(3)}`,
      `RS_${name.slice(3)}`,
      `rs_${name}`,
    ];
    const added = [
      `${name}=`,
      `${name}A`,
      `${name}AAAA`,
      `${name}\n`,
      ` ${name}`,
      `${name}%00`,
      name.slice(0, -1),
    ];
    for (const form of [...forms, ...added])
      expect(await signer.verifyItem(form, 'ann', now)).toBeUndefined();
    for (let at = 3; at < name.length; at += 1) {
      const forged = `${name.slice(0, at)}${name[at] === 'A' ? 'B' : 'A'}${name.slice(at + 1)}`;
      expect(await signer.verifyItem(forged, 'ann', now)).toBeUndefined();
    }
  });

  test('rejects a signed response id as an item id and the reverse, even with the same spelling', async () => {
    const response = await signer.sign('resp_1', 'ann', now);
    const named = String(await signer.signItem('resp_1', 'ann', now));
    expect(await signer.verifyItem(response, 'ann', now)).toBeUndefined();
    expect(await signer.verify(named, 'ann', now)).toBeUndefined();
    expect(await signer.verifyItem(named, 'ann', now)).toBe('resp_1');
  });

  test('signs with the secret of its response during a rotation of secrets', async () => {
    const rotated = createIdSigner(['a fresh secret of the same site, too', secret], month);
    const { secret: which } = (await rotated.verify(await signer.sign(raw, 'ann', now), 'ann', now)) ?? {};
    expect(which).toBe(1);
    const before = await signer.signItem(item, 'ann', now);
    expect(await rotated.signItem(item, 'ann', now, which)).toBe(before);
    expect(await rotated.signItem(item, 'ann', now)).not.toBe(before);
    expect(await rotated.verifyItem(String(before), 'ann', now)).toBe(item);
  });
});

test('does not sign an id that URL paths drop, that cannot be sent, or that is too long', async () => {
  for (const id of ['.', '..', '', 'a b', 'a\n', 'ü', 'x'.repeat(513)]) {
    await expect(signer.sign(id, 'ann', now)).rejects.toThrow(RangeError);
  }
});

test('signs ids of printable ASCII, as other servers issue them', async () => {
  for (const id of ['req_1', 'caresp_A/B+C==', 'a:b.c~d', 'resp?x=1#y', '../x']) {
    const name = await signer.sign(id, 'ann', now);
    expect(await signer.verify(name, 'ann', now)).toMatchObject({ responseId: id });
  }
});
