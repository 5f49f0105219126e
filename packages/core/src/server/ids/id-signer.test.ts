import { describe, expect, test } from 'vitest';
import { toBase64Url } from './base64url.ts';
import { createIdSigner } from './id-signer.ts';

const secret = 'a secret of the site, long enough';
const raw = 'resp_01b4d93abce33afe00698b9df44be4819bb99fff16d77a0236';
const now = 1_770_757_620_000;
const month = 30 * 24 * 3_600_000;
const signer = createIdSigner([secret], month);

test('a signed id is verified for its principal', async () => {
  const name = await signer.sign(raw, 'ann', now);
  expect(await signer.verify(name, 'ann', now)).toEqual({ responseId: raw, issuedAt: now });
});

test('a signed id is a path segment that looks like an id, of a sane length', async () => {
  const name = await signer.sign(raw, 'ann', now);
  expect(name).toMatch(/^resp_[A-Za-z0-9_-]+$/);
  expect(name.length).toBeLessThan(140);
});

describe('is refused:', () => {
  test('the id of another principal', async () => {
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

  test('an id cut short, lengthened, or of another form', async () => {
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

  test('another spelling of an id that was signed: an id has one valid form (attack: BOM)', async () => {
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

  test('an id signed with a secret that is none of the site’s', async () => {
    const stranger = createIdSigner(['another secret that is long enough'], month);
    expect(await signer.verify(await stranger.sign(raw, 'ann', now), 'ann', now)).toBeUndefined();
  });

  test('an id issued longer ago than ids are good for', async () => {
    const name = await signer.sign(raw, 'ann', now);
    expect(await signer.verify(name, 'ann', now + month)).toBeDefined();
    expect(await signer.verify(name, 'ann', now + month + 1)).toBeUndefined();
  });
});

test('where a principal’s id ends and a response id begins is signed too', async () => {
  const name = await signer.sign('resp_1', 'ann', now);
  const shifted = await signer.sign('1', 'ann\nresp_', now);
  expect(name).not.toBe(shifted);
  const macOf = (token: string): string =>
    atob(token.slice(5).replaceAll('-', '+').replaceAll('_', '/')).slice(6, 38);
  expect(macOf(name)).not.toBe(macOf(shifted));
});

test('after a rotation ids of both secrets are verified, and new ones are signed with the first', async () => {
  const fresh = 'a fresh secret of the same site, too';
  const rotated = createIdSigner([fresh, secret], month);
  const before = await signer.sign(raw, 'ann', now);
  const after = await rotated.sign(raw, 'ann', now);
  expect(await rotated.verify(before, 'ann', now)).toBeDefined();
  expect(await rotated.verify(after, 'ann', now)).toBeDefined();
  expect(await createIdSigner([fresh], month).verify(after, 'ann', now)).toBeDefined();
  expect(await createIdSigner([fresh], month).verify(before, 'ann', now)).toBeUndefined();
});

test('what a URL path would swallow, or could not be sent, is not signed', async () => {
  for (const id of ['.', '..', '', 'a b', 'a\n', 'ü', 'x'.repeat(513)]) {
    await expect(signer.sign(id, 'ann', now)).rejects.toThrow(RangeError);
  }
});

test('ids of other servers survive: whatever is printable ASCII', async () => {
  for (const id of ['req_1', 'caresp_A/B+C==', 'a:b.c~d', 'resp?x=1#y', '../x']) {
    const name = await signer.sign(id, 'ann', now);
    expect(await signer.verify(name, 'ann', now)).toMatchObject({ responseId: id });
  }
});
