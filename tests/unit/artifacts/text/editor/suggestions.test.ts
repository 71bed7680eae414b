import { history, undo } from 'prosemirror-history';
import { EditorState } from 'prosemirror-state';
import { describe, expect, it } from 'vitest';
import { docToMarkdown } from '@/artifacts/text/editor/doc-to-markdown';
import { markdownToDoc } from '@/artifacts/text/editor/markdown-to-doc';
import {
  type AnchoredSuggestion,
  anchoredSuggestions,
  applySuggestion,
  findOpenSuggestion,
  orphanedSuggestions,
  removeSuggestion,
  setOpenSuggestion,
  setSuggestions,
  suggestionsPlugin,
} from '@/artifacts/text/editor/suggestions';
import type { Suggestion } from '@/lib/protocol/stream-events';

const TEXT =
  '# A title\n\nThe **quick** brown fox.\n\n- one item\n- `code` in *another*\n\nThe end with $x_1$.\n';

function createState(markdown: string, pairs: [string, string][]) {
  const { doc, source } = markdownToDoc(markdown);
  const suggestions = pairs.map(([originalText, suggestedText], index): Suggestion => {
    const description = 'Because.';
    return { id: `s${index}`, documentId: 'd', originalText, suggestedText, description };
  });
  const created = EditorState.create({ doc, plugins: [suggestionsPlugin(), history()] });
  const state = created.apply(setSuggestions(created, suggestions));
  return { state, suggestions, write: (after: EditorState) => docToMarkdown(after.doc, source) };
}

const highlightedTexts = (state: EditorState) =>
  anchoredSuggestions(state).map(({ from, to }) => state.doc.textBetween(from, to, ' '));

describe('a suggestion', () => {
  it.each([
    ['quoted as Markdown source', 'The **quick** brown', 'The quick brown'],
    ['quoted as displayed text', 'quick brown', 'quick brown'],
    ['with different whitespace', 'brown\n fox.', 'brown fox.'],
    ['across several blocks', 'A title\n\nThe **quick**', 'A title The quick'],
    ['in a list item', '- `code` in *another*', 'code in another'],
    ['with math', 'with $x_1$', 'with $x_1$'],
  ])('is located in its text: %s', (_, quoted, found) => {
    expect(highlightedTexts(createState(TEXT, [[quoted, 'x']]).state)).toEqual([found]);
  });

  it('is not displayed if its text is missing', () => {
    expect(
      highlightedTexts(
        createState(TEXT, [
          ['nowhere', 'x'],
          ['', 'x'],
        ]).state,
      ),
    ).toEqual([]);
  });

  it('without a match is reported until its text is restored', () => {
    const { state } = createState(TEXT, [
      ['nowhere', 'x'],
      ['quick', 'slow'],
    ]);
    const unmatchedIds = (now: EditorState) => orphanedSuggestions(now).map(({ id }) => id);
    expect(unmatchedIds(state)).toEqual(['s0']);
    const [anchored] = anchoredSuggestions(state) as [AnchoredSuggestion];
    const changed = state.apply(state.tr.insertText('q', anchored.from + 1));
    expect(unmatchedIds(changed)).toEqual(['s1', 's0']);
    expect(unmatchedIds(changed.apply(removeSuggestion(changed, 's1')))).toEqual(['s0']);
    let undone = changed;
    undo(changed, (tr) => {
      undone = changed.apply(tr);
    });
    expect(unmatchedIds(undone)).toEqual(['s0']);
  });

  it('is applied, and only its block is serialized again', () => {
    const { state, write } = createState(TEXT, [
      ['quick** brown', 'slow** *red*'],
      ['The quick', 'A *slow*'],
    ]);
    const [anchored] = anchoredSuggestions(state) as [AnchoredSuggestion];
    expect(write(state.apply(applySuggestion(state, anchored)))).toBe(
      TEXT.replace('The **quick**', 'A *slow*'),
    );
  });

  it('may replace blocks by blocks, and text by nothing', () => {
    const { state, write } = createState(TEXT, [
      ['A title\n\nThe **quick** brown fox.', '## New\n\nText'],
      ['one ', ''],
    ]);
    const [first, second] = anchoredSuggestions(state) as [AnchoredSuggestion, AnchoredSuggestion];
    const shorter = state.apply(applySuggestion(state, second));
    expect(write(shorter)).toContain('- item\n');
    const replaced = write(state.apply(applySuggestion(state, first)));
    expect(replaced).toContain('New\n\nText\n\n- one item');
    expect(replaced).not.toContain('fox');
  });

  it('keeps its position while the text around it changes', () => {
    const { state } = createState(TEXT, [['quick brown', 'x']]);
    const [anchored] = anchoredSuggestions(state) as [AnchoredSuggestion];
    const { tr } = state;
    const after = state.apply(
      tr
        .insertText('Before. ', 1)
        .insertText('very ', tr.mapping.map(anchored.from))
        .insertText('ish', tr.mapping.map(anchored.to, -1)),
    );
    expect(highlightedTexts(after)).toEqual(['quick brown']);
    expect(after.doc.textContent).toContain('The very quick brownish fox');
  });

  it.each([
    ['in the middle', 3, 5],
    ['at its end', 6, 11],
    ['as a whole', 0, 11],
  ])('disappears with its text and returns with it: changed %s', (_, from, to) => {
    const { state } = createState(TEXT, [['quick brown', 'x']]);
    const [anchored] = anchoredSuggestions(state) as [AnchoredSuggestion];
    const deleted = state.apply(state.tr.delete(anchored.from + from, anchored.from + to));
    expect(highlightedTexts(deleted)).toEqual([]);
    let undone = deleted;
    undo(deleted, (tr) => {
      undone = deleted.apply(tr);
    });
    expect(highlightedTexts(undone)).toEqual(['quick brown']);
  });

  it('is closed and removed after a decision', () => {
    const { state } = createState(TEXT, [
      ['quick', 'x'],
      ['The end', 'y'],
    ]);
    const opened = state.apply(setOpenSuggestion(state, 's0'));
    expect(findOpenSuggestion(opened)?.suggestion.id).toBe('s0');
    const after = opened.apply(removeSuggestion(opened, 's0'));
    expect(findOpenSuggestion(after)).toBeUndefined();
    expect(highlightedTexts(after)).toEqual(['The end']);
  });

  it('keeps its position when more suggestions arrive', () => {
    const { state, suggestions } = createState('a b a b', [['b', 'x']]);
    const moved = state.apply(state.tr.insertText('b ', 1));
    const more = [...suggestions, { ...(suggestions[0] as Suggestion), id: 's9' }];
    const after = moved.apply(setSuggestions(moved, more));
    expect(anchoredSuggestions(after).map(({ suggestion, from }) => [suggestion.id, from])).toEqual(
      [
        ['s9', 1],
        ['s0', 5],
      ],
    );
  });
});
