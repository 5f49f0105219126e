import type { DatabaseSync } from 'node:sqlite';

const customers: readonly (readonly [name: string, country: string, city: string])[] = [
  ['Alder Cycles', 'Germany', 'Berlin'],
  ['Birchwood Bikes', 'United Kingdom', 'Leeds'],
  ['Cedar & Sons', 'Ireland', 'Cork'],
  ['Dune Velo', 'Netherlands', 'Utrecht'],
  ['Elm Street Repairs', 'United Kingdom', 'Bristol'],
  ['Fjord Sykkel', 'Norway', 'Bergen'],
  ['Grove Bicycles', 'Denmark', 'Aarhus'],
  ['Harbour Wheels', 'Belgium', 'Ghent'],
  ['Iris Vélo', 'France', 'Lyon'],
  ['Juniper Rides', 'Austria', 'Graz'],
  ['Kestrel Cycling', 'Switzerland', 'Basel'],
  ['Lark Lane Bikes', 'Ireland', 'Galway'],
];

/** The products of the shop, with the price of one piece in euros. */
export const products: readonly (readonly [name: string, price: number])[] = [
  ['Chain', 24],
  ['Brake pads', 18],
  ['Tyre', 39],
  ['Saddle', 62],
  ['Wheel set', 310],
  ['Light set', 45],
];

const firstYear = 2023;
const lastYear = 2025;
const ordersPerMonth = 18;

/** Returns a generator of numbers from 0 to 1 that is the same in every database, so that tests can expect figures. */
function sameNumbers(): () => number {
  let state = 20_230_101;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** Creates the tables of the shop, with invented customers and the orders of three years. */
export function seedShop(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, city TEXT NOT NULL);
    CREATE TABLE products (name TEXT PRIMARY KEY, price REAL NOT NULL);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, product TEXT NOT NULL,
      quantity INTEGER NOT NULL, amount REAL NOT NULL, ordered_on TEXT NOT NULL, payment TEXT NOT NULL);
  `);
  const customer = database.prepare('INSERT INTO customers (name, country, city) VALUES (?, ?, ?)');
  for (const row of customers) customer.run(...row);
  const product = database.prepare('INSERT INTO products VALUES (?, ?)');
  for (const row of products) product.run(...row);
  const order = database.prepare(
    'INSERT INTO orders (customer_id, product, quantity, amount, ordered_on, payment) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const next = sameNumbers();
  for (let month = 0; month < (lastYear - firstYear + 1) * 12; month += 1) {
    // More bicycles are repaired in summer, and the shop grows each year.
    const season = 1 - Math.cos(((month % 12) / 12) * 2 * Math.PI) * 0.45 + month / 60;
    for (let count = 0; count < Math.round(ordersPerMonth * season); count += 1) {
      // The square prefers the first customers, so that some are larger than others.
      const who = Math.floor(next() ** 2 * customers.length) + 1;
      const [name, price] = products[Math.floor(next() * products.length)] ?? ['Chain', 24];
      const quantity = 1 + Math.floor(next() * 12);
      const day = `${firstYear + Math.floor(month / 12)}-${pad((month % 12) + 1)}-${pad(1 + Math.floor(next() * 28))}`;
      const isLate = month > 30 && next() < 0.12;
      order.run(who, name, quantity, quantity * price, day, isLate ? 'late' : 'paid');
    }
  }
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
