/**
 * Highlights code off the main thread: compiling a grammar alone takes longer than a frame.
 * Responds to each HighlightRequest with a HighlightResponse.
 */
import { createHighlighterCore, type HighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import type { Language } from '@/lib/client/markdown/languages';
import { GRAMMARS } from '@/lib/client/markdown/shiki-grammars';

export type HighlightRequest = { id: number; language: Language; code: string };
/** A run of text, and its colors in the light and the dark theme. */
export type Token = [text: string, light: string, dark: string];
/** Lines of tokens; null if highlighting failed. */
export type HighlightResponse = { id: number; lines: Token[][] | null };

let highlighter: Promise<HighlighterCore> | undefined;

async function tokenize({ language, code }: HighlightRequest): Promise<Token[][]> {
  highlighter ??= createHighlighterCore({
    themes: [
      import('shiki/themes/github-light-high-contrast.mjs'),
      import('shiki/themes/github-dark-default.mjs'),
    ],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  const core = await highlighter;
  await core.loadLanguage(GRAMMARS[language]());
  const lines = core.codeToTokensWithThemes(code, {
    lang: language,
    themes: { light: 'github-light-high-contrast', dark: 'github-dark-default' },
    tokenizeMaxLineLength: 2_000,
    // No limit per line: a line that exceeds it would stay uncolored, and the first lines include
    // the compilation of the grammar, which can take many seconds. The caller limits the whole
    // request.
    tokenizeTimeLimit: 0,
  });
  return lines.map((line) =>
    line.map(
      ({ content, variants }): Token => [
        content,
        variants.light?.color ?? '',
        variants.dark?.color ?? '',
      ],
    ),
  );
}

self.addEventListener('message', async ({ data }: MessageEvent<HighlightRequest>) => {
  const lines = await tokenize(data).catch(() => null);
  self.postMessage({ id: data.id, lines } satisfies HighlightResponse);
});
