import { availableParallelism } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectConfiguration, type ViteUserConfig } from 'vitest/config';
import { untilTestEnds } from './packages/core/test-support/patience.ts';
import { chromiumFlags, findHeadlessChromium } from './test/support/chromium.ts';
import { deadline } from './test/support/machine.ts';
import { hasPostgres } from './test/support/postgres/programs.ts';
import { ProjectOrder } from './test/support/project-order.ts';

const deep = process.env['LONGHAUL_DEEP'] === '1';
const chromium = findHeadlessChromium();

// Sibling packages are read from their sources, so that tests need no build.
const conditions = ['@longhaul/source', 'module', 'browser', 'development|production'];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions: ['@longhaul/source', 'module', 'node', 'development|production'] } },
};
// The only time limits of tests. A wait inside a test may take as long as the test.
const limits = {
  expect: { poll: { timeout: untilTestEnds } },
  testTimeout: deadline(deep ? 30 * 60_000 : 60_000),
  hookTimeout: deadline(60_000),
};

// `check:types` reports errors in the sources; here they would fail a run whose type tests all pass. The configuration
// has only the type tests, because compiling the other tests takes four times as long.
const typecheck = { enabled: true, tsconfig: './tsconfig.type-tests.json', ignoreSourceErrors: true };

const patience = fileURLToPath(import.meta.resolve('./packages/react/test-support/patience.ts'));
const page = fileURLToPath(import.meta.resolve('./packages/react/test-support/page-environment.ts'));
const loopCode = fileURLToPath(import.meta.resolve('./packages/core/test-support/loop-code.ts'));
const browserTests = 'src/**/*.browser.test.{ts,tsx}';
const postgresTests = '**/*.postgres.test.ts';

// Vitest leaves one core to the rest of the machine; of two that would be half. Several tests wait for processes and
// disks most of the time.
const maxWorkers = Math.max(4, availableParallelism() - 1);
// A process for each file costs more than most of these files themselves.
const oneProcess = { isolate: false, unstubGlobals: true, unstubEnvs: true };

const projects: TestProjectConfiguration[] = [
  {
    ...shared,
    test: {
      ...limits,
      ...oneProcess,
      name: 'core',
      root: 'packages/core',
      setupFiles: [loopCode],
      include: ['{src,test}/**/*.test.ts'],
      exclude: [browserTests, postgresTests],
      typecheck: { ...typecheck, include: ['{src,test}/**/*.test-d.ts'] },
    },
  },
  {
    ...shared,
    test: {
      ...limits,
      ...oneProcess,
      name: 'react',
      root: 'packages/react',
      environment: page,
      setupFiles: [loopCode, patience],
      include: ['src/**/*.test.{ts,tsx}'],
      exclude: [browserTests],
      typecheck: { ...typecheck, include: ['src/**/*.test-d.{ts,tsx}'] },
    },
  },
  {
    ...shared,
    test: {
      ...limits,
      ...oneProcess,
      name: 'demo',
      root: 'apps/demo',
      setupFiles: [loopCode],
      include: ['{src,server}/**/*.test.{ts,tsx}'],
    },
  },
  {
    ...shared,
    test: {
      ...limits,
      ...oneProcess,
      name: 'test',
      root: 'test',
      setupFiles: [loopCode],
      include: ['**/*.test.{ts,tsx}'],
      exclude: ['**/node_modules/**', 'e2e/**', postgresTests],
    },
  },
];

// Without a server, this project is left out. `npm test` reports its files as skipped.
if (hasPostgres()) {
  projects.push({
    ...shared,
    test: {
      ...limits,
      ...oneProcess,
      name: 'postgres',
      setupFiles: [loopCode],
      include: [`packages/core/{src,test}/${postgresTests}`, `test/${postgresTests}`],
      exclude: ['**/node_modules/**', 'test/e2e/**'],
      globalSetup: [fileURLToPath(import.meta.resolve('./test/support/postgres/global-setup.ts'))],
    },
  });
}

// Without a browser, these two projects would crash, so they are left out. `npm test` reports them as skipped.
if (chromium !== undefined) {
  projects.push(
    {
      ...shared,
      test: {
        ...limits,
        name: 'browser',
        root: 'packages',
        include: [`*/${browserTests}`],
        setupFiles: [loopCode, patience],
        browser: {
          enabled: true,
          headless: true,
          // Vitest's own deadline for a browser to start is 60 s, on any machine.
          connectTimeout: deadline(60_000),
          screenshotFailures: false,
          provider: playwright({ launchOptions: { executablePath: chromium, args: [...chromiumFlags] } }),
          instances: [{ browser: 'chromium' }],
        },
      },
    },
    {
      ...shared,
      test: {
        ...limits,
        testTimeout: deadline(120_000),
        hookTimeout: deadline(120_000),
        name: 'e2e',
        // A browser, a server and a simulated model share a machine that may be busy. A test fails if it fails twice.
        retry: 1,
        root: 'test',
        include: ['e2e/**/*.test.ts'],
        exclude: ['**/node_modules/**', ...(hasPostgres() ? [] : [postgresTests])],
        globalSetup: [fileURLToPath(import.meta.resolve('./test/support/build-demo.ts'))],
        // Each worker runs a server, a browser and the built page, and waits half of the time.
        maxWorkers: 3,
        sequence: { groupOrder: 1 },
      },
    },
  );
}

const config: ViteUserConfig = defineConfig({
  test: { maxWorkers, projects, sequence: { sequencer: ProjectOrder } },
});

export default config;
