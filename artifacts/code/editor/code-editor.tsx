'use client';

import './editor.css';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { askForChange } from '@/artifacts/code/editor/ask-for-change';
import { NOT_BY_HAND } from '@/artifacts/code/editor/by-hand';
import {
  extensions,
  grammar,
  indentOf,
  mode as modeCompartment,
  modeExtension,
} from '@/artifacts/code/editor/extensions';
import { append } from '@/artifacts/code/editor/follow-end';
import { loadGrammar } from '@/artifacts/code/editor/languages';
import type { ViewProps } from '@/artifacts/view-props';

export type EditorHandle = {
  /** The text as it is now. */
  read: () => string;
  /** Puts the cursor on a line, counted from 1. */
  goToLine: (line: number) => void;
};

type CodeEditorProps = Pick<ViewProps, 'content' | 'mode' | 'onEdit' | 'onAskForChange'> & {
  /** What a screen reader calls it. */
  label: string;
  language: string;
  ref: Ref<EditorHandle>;
};

/** CodeMirror, for a text that grows, is edited, or is only read. */
export function CodeEditor({ ref, label, language, content, mode, ...handlers }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(handlers);
  latest.current = handlers;
  /** What the page has put into the editor; null once the text is the person's. */
  const shown = useRef<string | null>(null);

  useEffect(() => {
    const editor = new EditorView({
      parent: place.current as HTMLDivElement,
      state: EditorState.create({
        extensions: [
          extensions((changed) => {
            shown.current = null;
            latest.current.onEdit(() => changed.state.sliceDoc());
          }),
          askForChange((...selected) => latest.current.onAskForChange(...selected)),
          grammar.of([]),
          modeCompartment.of([]),
        ],
      }),
    });
    view.current = editor;
    shown.current = '';
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    const writable = mode === 'editing';
    view.current?.dispatch({
      effects: modeCompartment.reconfigure(modeExtension(writable, label)),
    });
  }, [mode, label]);

  useEffect(() => {
    let current = true;
    loadGrammar(language).then((support) => {
      if (!current) return;
      const start = view.current?.state.sliceDoc(0, 20_000) ?? '';
      view.current?.dispatch({
        effects: grammar.reconfigure([support ?? [], indentOf(start)]),
      });
    });
    return () => {
      current = false;
    };
  }, [language]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || shown.current === null || shown.current === content) return;
    // A line break must not be cut in two.
    const whole = mode === 'streaming' ? content.replace(/\r$/, '') : content;
    if (whole.startsWith(shown.current)) {
      const more = whole.slice(shown.current.length);
      if (shown.current === '' && mode !== 'streaming') replace(editor, more);
      else if (more) append(editor, more);
    } else {
      replace(editor, whole);
    }
    shown.current = whole;
  }, [content, mode]);

  useImperativeHandle(ref, () => ({
    read: () => view.current?.state.sliceDoc() ?? '',
    goToLine(line) {
      const editor = view.current;
      if (!editor) return;
      const { from } = editor.state.doc.line(Math.min(line, editor.state.doc.lines));
      editor.dispatch({
        selection: { anchor: from },
        effects: EditorView.scrollIntoView(from, { y: 'center' }),
      });
      editor.focus();
    },
  }));

  return <div ref={place} className="absolute inset-0" />;
}

/** All of the text anew; the view stays at its beginning. */
function replace(editor: EditorView, text: string): void {
  const changes = { from: 0, to: editor.state.doc.length, insert: text };
  editor.dispatch({ changes, annotations: NOT_BY_HAND });
}
