import { history, undo } from 'prosemirror-history';
import { EditorState } from 'prosemirror-state';
import { describe, expect, it } from 'vitest';
import { readMarkdown } from '@/artifacts/text/editor/source';
import {
  applySuggestion,
  lostSuggestions,
  openSuggestion,
  type Placed,
  placedSuggestions,
  suggestionsPlugin,
  withOpen,
  withoutSuggestion,
  withSuggestions,
} from '@/artifacts/text/editor/suggestions';
import { writeMarkdown } from '@/artifacts/text/editor/write-source';
import type { Suggestion } from '@/lib/protocol/events';

const TEXT =
  '# A title\n\nThe **quick** brown fox.\n\n- one item\n- `code` in *another*\n\nThe end with $x_1$.\n';

function begin(markdown: string, pairs: [string, string][]) {
  const { doc, source } = readMarkdown(markdown);
  const suggestions = pairs.map(([originalText, suggestedText], index): Suggestion => {
    const description = 'Because.';
    return { id: `s${index}`, documentId: 'd', originalText, suggestedText, description };
  });
  const created = EditorState.create({ doc, plugins: [suggestionsPlugin(), history()] });
  const state = created.apply(withSuggestions(created, suggestions));
  return { state, suggestions, write: (after: EditorState) => writeMarkdown(after.doc, source) };
}

const shown = (state: EditorState) =>
  placedSuggestions(state).map(({ from, to }) => state.doc.textBetween(from, to, ' '));

describe('a suggestion', () => {
  it.each([
    ['quoted from the source', 'The **quick** brown', 'The quick brown'],
    ['quoted as it looks', 'quick brown', 'quick brown'],
    ['with other blanks', 'brown\n fox.', 'brown fox.'],
    ['over several blocks', 'A title\n\nThe **quick**', 'A title The quick'],
    ['of an item', '- `code` in *another*', 'code in another'],
    ['with maths', 'with $x_1$', 'with $x_1$'],
  ])('is at the place of its text: %s', (_, quoted, found) => {
    expect(shown(begin(TEXT, [[quoted, 'x']]).state)).toEqual([found]);
  });

  it('is not shown where there is no such text', () => {
    expect(
      shown(
        begin(TEXT, [
          ['nowhere', 'x'],
          ['', 'x'],
        ]).state,
      ),
    ).toEqual([]);
  });

  it('that has no place, or whose text was changed, is told until that is taken back', () => {
    const { state } = begin(TEXT, [
      ['nowhere', 'x'],
      ['quick', 'slow'],
    ]);
    const lost = (now: EditorState) => lostSuggestions(now).map(({ id }) => id);
    expect(lost(state)).toEqual(['s0']);
    const [placed] = placedSuggestions(state) as [Placed];
    const changed = state.apply(state.tr.insertText('q', placed.from + 1));
    expect(lost(changed)).toEqual(['s1', 's0']);
    expect(lost(changed.apply(withoutSuggestion(changed, 's1')))).toEqual(['s0']);
    let back = changed;
    undo(changed, (tr) => {
      back = changed.apply(tr);
    });
    expect(lost(back)).toEqual(['s0']);
  });

  it('is made, and only its block is written anew', () => {
    const { state, write } = begin(TEXT, [
      ['quick** brown', 'slow** *red*'],
      ['The quick', 'A *slow*'],
    ]);
    const [placed] = placedSuggestions(state) as [Placed];
    expect(write(state.apply(applySuggestion(state, placed)))).toBe(
      TEXT.replace('The **quick**', 'A *slow*'),
    );
  });

  it('may replace blocks by blocks, and text by nothing', () => {
    const { state, write } = begin(TEXT, [
      ['A title\n\nThe **quick** brown fox.', '## New\n\nText'],
      ['one ', ''],
    ]);
    const [first, second] = placedSuggestions(state) as [Placed, Placed];
    const shorter = state.apply(applySuggestion(state, second));
    expect(write(shorter)).toContain('- item\n');
    const replaced = write(state.apply(applySuggestion(state, first)));
    expect(replaced).toContain('New\n\nText\n\n- one item');
    expect(replaced).not.toContain('fox');
  });

  it('stays where it is while the text about it changes', () => {
    const { state } = begin(TEXT, [['quick brown', 'x']]);
    const [placed] = placedSuggestions(state) as [Placed];
    const { tr } = state;
    const after = state.apply(
      tr
        .insertText('Before. ', 1)
        .insertText('very ', tr.mapping.map(placed.from))
        .insertText('ish', tr.mapping.map(placed.to, -1)),
    );
    expect(shown(after)).toEqual(['quick brown']);
    expect(after.doc.textContent).toContain('The very quick brownish fox');
  });

  it.each([
    ['in the middle', 3, 5],
    ['at its end', 6, 11],
    ['as a whole', 0, 11],
  ])('goes with its text, and comes back with it: changed %s', (_, from, to) => {
    const { state } = begin(TEXT, [['quick brown', 'x']]);
    const [placed] = placedSuggestions(state) as [Placed];
    const gone = state.apply(state.tr.delete(placed.from + from, placed.from + to));
    expect(shown(gone)).toEqual([]);
    let back = gone;
    undo(gone, (tr) => {
      back = gone.apply(tr);
    });
    expect(shown(back)).toEqual(['quick brown']);
  });

  it('is closed and gone once it is decided about', () => {
    const { state } = begin(TEXT, [
      ['quick', 'x'],
      ['The end', 'y'],
    ]);
    const opened = state.apply(withOpen(state, 's0'));
    expect(openSuggestion(opened)?.suggestion.id).toBe('s0');
    const after = opened.apply(withoutSuggestion(opened, 's0'));
    expect(openSuggestion(after)).toBeUndefined();
    expect(shown(after)).toEqual(['The end']);
  });

  it('keeps its place when more of them come', () => {
    const { state, suggestions } = begin('a b a b', [['b', 'x']]);
    const moved = state.apply(state.tr.insertText('b ', 1));
    const more = [...suggestions, { ...(suggestions[0] as Suggestion), id: 's9' }];
    const after = moved.apply(withSuggestions(moved, more));
    expect(placedSuggestions(after).map(({ suggestion, from }) => [suggestion.id, from])).toEqual([
      ['s9', 1],
      ['s0', 5],
    ]);
  });
});
