import { expectTypeOf, test } from 'vitest';
import { createProxy } from './create-proxy.ts';
import type { ProxyOptions } from './options/proxy-options.ts';
import type { ReferenceKind } from './request/reference.ts';

const base = { apiKey: 'sk-test', secret: 'a secret of the site, long enough', allow: { models: ['m'] } };

interface User {
  readonly id: string;
  readonly vectorStoreId: string;
}

declare function sessionOf(request: Request): Promise<User | undefined>;

test('the type that authorize returns, without Response, is the principal of all other options', () => {
  createProxy({
    ...base,
    authorize: async (request) => (await sessionOf(request)) ?? new Response(null, { status: 401 }),
    allow: {
      models: ['m'],
      hostedTools: {
        web_search: {},
        file_search: (user) => {
          expectTypeOf(user).toEqualTypeOf<User>();
          return { vector_store_ids: [user.vectorStoreId] };
        },
      },
    },
    overrides: (user) => {
      expectTypeOf(user).toEqualTypeOf<User>();
      return { safety_identifier: user.id };
    },
    authorizeReference: (user, kind, id) => {
      expectTypeOf(user).toEqualTypeOf<User>();
      expectTypeOf(kind).toEqualTypeOf<ReferenceKind>();
      return id === user.vectorStoreId;
    },
  });
});

test('a principal may be a string', () => {
  createProxy({
    ...base,
    authorize: async (request) => (await sessionOf(request))?.id ?? new Response(null, { status: 401 }),
    authorizeReference: (user) => {
      expectTypeOf(user).toEqualTypeOf<string>();
      return false;
    },
  });
});

test('authorize and allow.models are required, and authorize must not return undefined', () => {
  type Base = typeof base;
  type Known = { authorize: () => string };
  expectTypeOf<Base & Known>().toExtend<ProxyOptions<string>>();
  // Without `authorize` any visitor could use the key, without `models` any model.
  expectTypeOf<Base>().not.toExtend<ProxyOptions<string>>();
  expectTypeOf<Omit<Base, 'allow'> & Known & { allow: object }>().not.toExtend<ProxyOptions<string>>();
  // `authorize` has to refuse an unknown visitor with a Response.
  type Forgetful = { authorize: (request: Request) => Promise<User | undefined> };
  expectTypeOf<Base & Forgetful>().not.toExtend<ProxyOptions<User>>();
});

test('createProxy returns a handler of the Fetch API', () => {
  expectTypeOf(createProxy({ ...base, authorize: () => 'ann' })).toEqualTypeOf<
    (request: Request) => Promise<Response>
  >();
});
