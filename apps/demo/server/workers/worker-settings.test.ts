import { expect, test } from 'vitest';
import { readWorkerSettings, workerEnvironment } from './worker-settings.ts';

const settings = {
  number: 2,
  folder: '/data/5173',
  database: 'postgres://localhost/demo',
  schema: 'longhaul_demo_5173',
  emulator: '',
};

test('a worker reads the settings that its supervisor has set', () => {
  expect(readWorkerSettings({ PATH: '/bin', ...workerEnvironment(settings) })).toEqual(settings);
});

test('a worker without its settings does not start', () => {
  const { LONGHAUL_DEMO_SCHEMA: _schema, ...others } = workerEnvironment(settings);
  expect(() => readWorkerSettings(others)).toThrow('Expected string');
});
