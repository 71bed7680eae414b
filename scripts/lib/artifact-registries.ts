import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT } from './paths';
import { UserError } from './steps';

/**
 * The lists of all kinds of documents, made of the folders in artifacts/ that have a `kind.ts`. They
 * are written by every build and by `npm run dev`; `npm run check` says where they are not.
 */

const REQUIRED_FILES = ['kind.ts', 'view.tsx', 'prompt.ts', 'formats.ts'];

/** @returns the files that had to be written, by their paths in the project */
export async function writeRegistries(project = PROJECT): Promise<string[]> {
  const outdated = await findStaleRegistries(project);
  for (const [file, content] of outdated) {
    await mkdir(path.dirname(path.join(project, file)), { recursive: true });
    await writeFile(path.join(project, file), content);
  }
  return outdated.map(([file]) => file);
}

/**
 * The lists that are not those of the folders, and what they should hold.
 * @throws Problem where a folder lacks a part, or has a name that cannot be a kind
 */
export async function findStaleRegistries(project = PROJECT): Promise<Array<[string, string]>> {
  const lists = renderRegistries(await readKinds(path.join(project, 'artifacts')));
  return Object.entries(lists).filter(([file, content]) => {
    const target = path.join(project, file);
    return !existsSync(target) || readFileSync(target, 'utf8') !== content;
  });
}

async function readKinds(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const kinds = entries
    .filter((entry) => entry.isDirectory() && existsSync(path.join(folder, entry.name, 'kind.ts')))
    .map(({ name }) => name)
    .sort();
  for (const kind of kinds) {
    if (!/^[a-z]+$/.test(kind)) {
      throw new UserError(`artifacts/${kind}: a kind is named by small letters alone.`);
    }
    const missing = REQUIRED_FILES.filter((part) => !existsSync(path.join(folder, kind, part)));
    if (missing.length > 0) {
      throw new UserError(
        `artifacts/${kind} lacks ${missing.join(', ')}. What a kind of document consists of is in artifacts/kind.ts.`,
      );
    }
  }
  return kinds;
}

const HEADER = '/** Made of the folders in artifacts/ by scripts/lib/artifact-registries.ts. */';
const KIND_IMPORT = "import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';";

function renderRegistries(kinds: string[]): Record<string, string> {
  const renderLines = (line: (kind: string) => string) => kinds.map(line).join('\n');
  const renderEager = (part: string, name: string, list: string, type: string) =>
    [
      HEADER,
      renderLines((kind) => `import { ${name} as ${kind} } from '@/artifacts/${kind}/${part}';`),
      `import type { ${type} } from '@/artifacts/kind';`,
      KIND_IMPORT,
      '',
      `export const ${list}: Record<ArtifactKind, ${type}> = { ${kinds.join(', ')} };`,
      '',
    ].join('\n');
  return {
    'lib/protocol/artifact-kinds.ts': [
      HEADER,
      `export const ARTIFACT_KINDS = [${kinds.map((kind) => `'${kind}'`).join(', ')}] as const;`,
      '',
      'export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];',
      '',
    ].join('\n'),
    'artifacts/registry/kinds.ts': renderEager('kind', 'kind', 'KINDS', 'Kind'),
    'artifacts/registry/server/prompts.ts': renderEager('prompt', 'prompt', 'PROMPTS', 'Prompt'),
    'artifacts/registry/formats.ts': renderEager('formats', 'formats', 'FORMATS', 'Formats'),
    'artifacts/registry/views.ts': [
      HEADER,
      "import { type ComponentType, lazy } from 'react';",
      "import type { ViewProps } from '@/artifacts/view-props';",
      KIND_IMPORT,
      '',
      '/** None of them is in the first load. */',
      'export const VIEWS: Record<ArtifactKind, ComponentType<ViewProps>> = {',
      renderLines((kind) => `  ${kind}: lazy(() => import('@/artifacts/${kind}/view')),`),
      '};',
      '',
    ].join('\n'),
  };
}
