import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type IConfigFile,
} from '@microsoft/api-extractor';
import * as z from 'zod';
import type { ExtractedEntry } from './api-report.ts';

const manifest = z.object({
  name: z.string(),
  exports: z.record(z.string(), z.union([z.string(), z.object({ types: z.string() })])),
});

/**
 * Reads the built declarations of each entry of a package. API Extractor uses its own TypeScript, because
 * TypeScript 7 has no interface for tools.
 */
export function extractApi(packageFolder: string): readonly ExtractedEntry[] {
  const { name, exports } = manifest.parse(
    JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')),
  );
  const entries = Object.entries(exports).flatMap(([path, target]) =>
    typeof target === 'string' ? [] : [{ path, types: join(packageFolder, target.types) }],
  );
  const missing = entries.find(({ types }) => !existsSync(types));
  if (missing) throw new Error(`${missing.types} is missing: build the package first.`);

  const reportFolder = mkdtempSync(join(tmpdir(), 'longhaul-api-'));
  try {
    const files = entries.map(({ types }) => types);
    const prepared = entries.map(({ path, types }) => {
      const file = `${path === '.' ? 'index' : path.slice('./'.length).replaceAll('/', '-')}.api.md`;
      const configObject = extractorConfig({ packageFolder, files, types, reportFolder, file });
      const config = ExtractorConfig.prepare({
        configObject,
        configObjectFullPath: undefined,
        packageJsonFullPath: join(packageFolder, 'package.json'),
      });
      return { entry: path === '.' ? name : name + path.slice('.'.length), file, config };
    });
    const [first] = prepared;
    if (first === undefined) return [];
    const compilerState = CompilerState.create(first.config, { additionalEntryPoints: files });
    return prepared.map(({ entry, file, config }) => {
      const { succeeded } = Extractor.invoke(config, {
        localBuild: true,
        compilerState,
        // Its warnings are for projects that mark each export as public, beta or internal.
        messageCallback: (message) => void (message.handled = message.logLevel !== ExtractorLogLevel.Error),
      });
      if (!succeeded) throw new Error(`API Extractor cannot read ${entry}.`);
      return {
        entry,
        file,
        extracted: readFileSync(join(reportFolder, basename(config.reportFilePath)), 'utf8'),
      };
    });
  } finally {
    rmSync(reportFolder, { recursive: true });
  }
}

function extractorConfig(input: {
  readonly packageFolder: string;
  readonly files: readonly string[];
  readonly types: string;
  readonly reportFolder: string;
  readonly file: string;
}): IConfigFile {
  return {
    projectFolder: input.packageFolder,
    mainEntryPointFilePath: input.types,
    newlineKind: 'lf',
    apiReport: {
      enabled: true,
      reportFileName: input.file,
      reportFolder: input.reportFolder,
      reportTempFolder: join(input.reportFolder, 'temp'),
      // Types that are not exported can be part of an exported type.
      includeForgottenExports: true,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    compiler: {
      // The package's own tsconfig resolves sibling packages to their sources. This one resolves them to their builds.
      overrideTsconfig: {
        compilerOptions: {
          target: 'es2024',
          module: 'nodenext',
          moduleResolution: 'nodenext',
          lib: ['es2024', 'esnext.disposable', 'dom', 'dom.iterable', 'dom.asynciterable'],
          types: ['node'],
          jsx: 'react-jsx',
          strict: true,
          skipLibCheck: true,
        },
        files: input.files,
      },
    },
    messages: {
      extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
    },
  };
}
