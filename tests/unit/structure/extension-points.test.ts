import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ARTIFACT_KINDS } from '@/lib/protocol/artifact-kinds';
import { PROJECT } from '@/scripts/lib/paths';

const SOURCE_FOLDERS = ['app', 'artifacts', 'components', 'lib', 'scripts', 'tools'];

const SOURCES: ReadonlyMap<string, string> = new Map(
  SOURCE_FOLDERS.flatMap((folder) =>
    readdirSync(path.join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(tsx?|m?js|css|py)$/.test(name))
      .map((name) => `${folder}/${name}`),
  ).map((file) => [file, readFileSync(path.join(PROJECT, file), 'utf8')]),
);

/** Files or folders that may match, each with the reason. */
type Allowed = Record<string, string>;

/** Returns files that match and are not allowed, and allowed paths that match nothing. */
function violations(
  matches: (file: string, source: string) => boolean,
  allowed: Allowed,
): string[] {
  const matching = [...SOURCES].filter(([file, source]) => matches(file, source));
  const paths = Object.keys(allowed);
  expect(paths.length).toBeGreaterThan(0);
  const isIn = ([file]: [string, string], allowedPath: string) =>
    file === allowedPath || file.startsWith(`${allowedPath}/`);
  return [
    ...matching
      .filter((entry) => !paths.some((allowedPath) => isIn(entry, allowedPath)))
      .map(([file]) => file),
    ...paths
      .filter((allowedPath) => !matching.some((entry) => isIn(entry, allowedPath)))
      .map((allowedPath) => `${allowedPath} is allowed but never matches`),
  ];
}

describe('a kind of document', () => {
  /** Also types of message parts and fields of errors: recognized only beside the word "kind". */
  const ORDINARY_WORDS = ['code', 'text'];

  const PATTERNS = ARTIFACT_KINDS.map((kind) => {
    const patterns = [
      new RegExp(`artifacts/${kind}\\b`),
      new RegExp(`kinds?\\w*\\s*(?:=|[=!]==|\\?\\?|:)\\s*['"\`]${kind}['"\`]`, 'i'),
      new RegExp(`\\b(?:KINDS|FORMATS|VIEWS|PROMPTS)(?:\\.|\\[['"])${kind}\\b`),
    ];
    if (!ORDINARY_WORDS.includes(kind)) patterns.push(new RegExp(`['"\`]${kind}(?:-delta)?['"\`]`));
    return { folder: `artifacts/${kind}/`, patterns };
  });

  it('is named only in its folder, the lists of kinds, the sandbox build and scripted models', () => {
    expect(SOURCES.size).toBeGreaterThan(300);
    const namesForeignKind = (file: string, source: string) =>
      PATTERNS.some(
        ({ folder, patterns }) =>
          !file.startsWith(folder) && patterns.some((pattern) => pattern.test(source)),
      );
    expect(
      violations(namesForeignKind, {
        'lib/protocol/artifact-kinds.ts': 'the list of kinds',
        'artifacts/registry': 'the registry',
        'lib/server/models/demo': 'the demo model calls the tools, like any model',
        'scripts/lib/sandbox.ts': 'builds the sandbox in which programs run',
        'scripts/screenshots/example-model.ts': 'a scripted model calls the tools, like any model',
      }),
    ).toEqual([]);
  });
});

describe('a tool', () => {
  const TOOLS = readdirSync(path.join(PROJECT, 'tools'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'registry')
    .map(({ name }) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()));

  it('is named only in tools/ and by scripted models, which call it', () => {
    expect(TOOLS).toContain('getWeather');
    const patterns = TOOLS.map((name) => new RegExp(`\\b${name}\\b`));
    expect(
      violations((_, source) => patterns.some((pattern) => pattern.test(source)), {
        tools: 'the tools, which refer to one another in their texts for models, and the registry',
        'lib/server/models/demo': 'the demo model calls the tools, like any model',
        'scripts/screenshots/example-model.ts': 'a scripted model calls the tools, like any model',
      }),
    ).toEqual([]);
  });

  it('is listed by the registry', () => {
    expect(TOOLS).not.toEqual([]);
    const registry = SOURCES.get('tools/registry/server/tool-options.ts') ?? '';
    for (const name of TOOLS) expect(registry).toMatch(new RegExp(`definition as ${name} }`));
  });
});
