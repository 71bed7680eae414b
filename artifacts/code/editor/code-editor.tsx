'use client';

import './editor.css';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { askForChangeExtension } from '@/artifacts/code/editor/ask-for-change';
import {
  editorExtensions,
  indentUnitExtension,
  languageCompartment,
  modeCompartment,
  modeExtension,
} from '@/artifacts/code/editor/extensions';
import { loadLanguageSupport } from '@/artifacts/code/editor/languages';
import { appendText } from '@/artifacts/code/editor/stick-to-end';
import { PROGRAMMATIC_EDIT } from '@/artifacts/code/editor/user-edit';
import type { ArtifactViewProps } from '@/artifacts/view-props';

export type EditorHandle = {
  /** Returns the current text. */
  getText: () => string;
  /** Moves the cursor to a line, counted from 1. */
  goToLine: (line: number) => void;
};

type CodeEditorProps = Pick<ArtifactViewProps, 'content' | 'mode' | 'onEdit' | 'onAskForChange'> & {
  /** The accessible name. */
  label: string;
  language: string;
  ref: Ref<EditorHandle>;
};

/** A CodeMirror editor for text that is streamed, edited or read-only. */
export function CodeEditor({ ref, label, language, content, mode, ...handlers }: CodeEditorProps) {
  const container = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latestHandlers = useRef(handlers);
  latestHandlers.current = handlers;
  /** The text that this component put into the editor; null after the first user edit. */
  const syncedText = useRef<string | null>(null);

  useEffect(() => {
    const editor = new EditorView({
      parent: container.current as HTMLDivElement,
      state: EditorState.create({
        extensions: [
          editorExtensions((changed) => {
            syncedText.current = null;
            latestHandlers.current.onEdit(() => changed.state.sliceDoc());
          }),
          askForChangeExtension((...selected) =>
            latestHandlers.current.onAskForChange(...selected),
          ),
          languageCompartment.of([]),
          modeCompartment.of([]),
        ],
      }),
    });
    view.current = editor;
    syncedText.current = '';
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    const isEditable = mode === 'editing';
    view.current?.dispatch({
      effects: modeCompartment.reconfigure(modeExtension(isEditable, label)),
    });
  }, [mode, label]);

  useEffect(() => {
    let isCurrent = true;
    loadLanguageSupport(language).then((languageSupport) => {
      if (!isCurrent) return;
      const beginning = view.current?.state.sliceDoc(0, 20_000) ?? '';
      view.current?.dispatch({
        effects: languageCompartment.reconfigure([
          languageSupport ?? [],
          indentUnitExtension(beginning),
        ]),
      });
    });
    return () => {
      isCurrent = false;
    };
  }, [language]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || syncedText.current === null || syncedText.current === content) return;
    // Hold back a trailing CR: the next chunk may begin with the LF of the same line break.
    const completeContent = mode === 'streaming' ? content.replace(/\r$/, '') : content;
    if (completeContent.startsWith(syncedText.current)) {
      const appended = completeContent.slice(syncedText.current.length);
      if (syncedText.current === '' && mode !== 'streaming') replaceText(editor, appended);
      else if (appended) appendText(editor, appended);
    } else {
      replaceText(editor, completeContent);
    }
    syncedText.current = completeContent;
  }, [content, mode]);

  useImperativeHandle(ref, () => ({
    getText: () => view.current?.state.sliceDoc() ?? '',
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

  return <div ref={container} className="absolute inset-0" />;
}

/** Replaces the whole text. Unlike `appendText`, does not scroll to the end. */
function replaceText(editor: EditorView, text: string): void {
  const changes = { from: 0, to: editor.state.doc.length, insert: text };
  editor.dispatch({ changes, annotations: PROGRAMMATIC_EDIT });
}
