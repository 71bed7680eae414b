/**
 * Names and aliases of the languages that can be highlighted. The grammars are loaded by the worker
 * only.
 */

const LANGUAGES = [
  'bash',
  'c',
  'cpp',
  'csharp',
  'css',
  'dart',
  'diff',
  'docker',
  'elixir',
  'go',
  'graphql',
  'haskell',
  'hcl',
  'html',
  'ini',
  'java',
  'javascript',
  'json',
  'jsx',
  'julia',
  'kotlin',
  'latex',
  'lua',
  'make',
  'markdown',
  'nginx',
  'perl',
  'php',
  'powershell',
  'python',
  'r',
  'ruby',
  'rust',
  'scala',
  'scss',
  'sql',
  'svelte',
  'swift',
  'toml',
  'tsx',
  'typescript',
  'vue',
  'xml',
  'yaml',
  'zig',
] as const;

export type Language = (typeof LANGUAGES)[number];

const LANGUAGE_NAMES: ReadonlySet<string> = new Set(LANGUAGES);

const ALIASES: Record<string, Language> = {
  sh: 'bash',
  shell: 'bash',
  zsh: 'bash',
  console: 'bash',
  'c++': 'cpp',
  cs: 'csharp',
  'c#': 'csharp',
  dockerfile: 'docker',
  golang: 'go',
  hs: 'haskell',
  terraform: 'hcl',
  tf: 'hcl',
  htm: 'html',
  properties: 'ini',
  js: 'javascript',
  cjs: 'javascript',
  mjs: 'javascript',
  ecmascript: 'javascript',
  es: 'javascript',
  node: 'javascript',
  nodejs: 'javascript',
  'node.js': 'javascript',
  'vanilla js': 'javascript',
  'vanilla javascript': 'javascript',
  jsonc: 'json',
  json5: 'json',
  kt: 'kotlin',
  tex: 'latex',
  makefile: 'make',
  md: 'markdown',
  ps1: 'powershell',
  py: 'python',
  cpython: 'python',
  ipython: 'python',
  pyodide: 'python',
  py3: 'python',
  rb: 'ruby',
  rs: 'rust',
  cts: 'typescript',
  mts: 'typescript',
  ts: 'typescript',
  svg: 'xml',
  yml: 'yaml',
};

/** Prefixes of a name: a Markdown class, a media type, the dot of a file extension. */
const NAME_PREFIX = /^(?:lang(?:uage)?-|(?:text|application)\/(?:x-)?|\.)/;
/** Suffixes of a name: a version, or the kind of text. */
const VERSION_SUFFIX = /(?:[\s_-]+(?:v|version|es))?[\s_-]*\d[\d.x]*\+?$/;
const KIND_SUFFIX = /\s+(?:code|script|program|source|file|snippet|module)$/;
/** Names are never longer, even with a version and a remark; a model can write anything here. */
const MAX_NAME_CHARS = 100;

/**
 * Returns the name in lower case, without a version or a remark: "Python 3.12" and "python3" become
 * "python", "TypeScript 5 (Node.js)" becomes "typescript". Known names are returned unchanged.
 */
export function normalizeLanguageName(name: string): string {
  const lowerCased = name.trim().toLowerCase();
  if (lowerCased.length > MAX_NAME_CHARS) return lowerCased;
  if (Object.hasOwn(ALIASES, lowerCased) || LANGUAGE_NAMES.has(lowerCased)) return lowerCased;
  const base = lowerCased
    .replace(NAME_PREFIX, '')
    .replace(/\s*[([/,;:].*$/s, '')
    .replace(KIND_SUFFIX, '');
  return base.replace(VERSION_SUFFIX, '') || base;
}

/**
 * Returns the language that a code block's name refers to; undefined if it cannot be highlighted.
 */
export function resolveLanguage(name: string): Language | undefined {
  const normalized = normalizeLanguageName(name);
  const known = Object.hasOwn(ALIASES, normalized) ? ALIASES[normalized] : normalized;
  return LANGUAGE_NAMES.has(known as string) ? (known as Language) : undefined;
}
