import { DatabaseSync } from 'node:sqlite';

export interface User {
  readonly id: string;
  readonly isStaff: boolean;
}

const sessions = new Map<string, User>([
  ['token-of-ann', { id: 'ann', isStaff: false }],
  ['token-of-bob', { id: 'bob', isStaff: false }],
  ['token-of-sue', { id: 'sue', isStaff: true }],
]);

/** The user of a request. A cookie of your session library works as well. */
export const userOf = (request: Request): User | undefined =>
  sessions.get(request.headers.get('authorization') ?? '');

const orders = new DatabaseSync(':memory:');
orders.exec(`create table orders (id text, customer text, state text);
  insert into orders values ('A1', 'ann', 'sent'), ('B1', 'bob', 'paid')`);

export const ordersOf = (customer: string) =>
  orders.prepare('select id, state from orders where customer = ?').all(customer);
