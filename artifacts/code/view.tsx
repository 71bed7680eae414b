'use client';

import { Play, Square } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { CodeEditor, type EditorHandle } from '@/artifacts/code/editor/code-editor';
import { languageLabel } from '@/artifacts/code/editor/languages';
import { Preview } from '@/artifacts/code/preview/preview';
import { previewOf } from '@/artifacts/code/preview/protocol';
import { engineOf } from '@/artifacts/code/run/engines';
import { Output } from '@/artifacts/code/run/output';
import { useRun } from '@/artifacts/code/run/use-run';
import type { ViewProps } from '@/artifacts/view-props';
import { Button } from '@/components/ui/button';
import { guessLanguage } from '@/lib/client/markdown/guess-language';
import { cn } from '@/lib/client/utils';

/** So much of a program tells its language. */
const HEAD_CHARS = 2_000;

/** A program: written in, run, and looked at where it is a page, a picture or a diagram. */
export default function CodeView(props: ViewProps) {
  const { title, content, mode } = props;
  const editor = useRef<EditorHandle>(null);
  const { run, start, stop, close } = useRun();
  const head = content.slice(0, HEAD_CHARS);
  const language = useMemo(
    () => props.language?.toLowerCase() || guessLanguage(title, head),
    [props.language, title, head],
  );
  const preview = previewOf(language, head);
  const streaming = mode === 'streaming';
  /** What is looked at: the text as it was when the preview was opened. Undefined while it is written. */
  const [chosen, setChosen] = useState<string | null>();
  // Chosen once: a text that becomes a page while it is edited, or named, stays in its editor.
  if (chosen === undefined && !streaming) setChosen(preview ? content : null);
  const looked = streaming || !preview ? null : (chosen ?? null);
  const goesOn = run?.status === 'loading' || run?.status === 'running';

  return (
    <div className="print-whole flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-10 shrink-0 items-center gap-2 border-b pr-2 pl-4">
        {preview && !streaming ? (
          <Tabs
            isPreview={looked !== null}
            onPreview={() => setChosen(editor.current?.read() ?? content)}
            onCode={() => setChosen(null)}
          />
        ) : (
          <span className="text-muted-foreground text-xs">{languageLabel(language)}</span>
        )}
        <span className="flex-1" />
        {engineOf(language) && !streaming && (
          <RunButton
            goesOn={goesOn}
            onRun={() => start(editor.current?.read() ?? content, language)}
            onStop={stop}
          />
        )}
      </div>
      {preview && looked !== null && (
        <div className="print-whole flex min-h-0 flex-1 flex-col">
          <Preview kind={preview} code={looked} />
        </div>
      )}
      <div className={cn('print-whole relative min-h-0 flex-1', looked !== null && 'hidden')}>
        <CodeEditor
          ref={editor}
          label={title ? `Code of ${title}` : 'Code'}
          language={language}
          content={content}
          mode={mode}
          onEdit={props.onEdit}
          onAskForChange={props.onAskForChange}
        />
      </div>
      {run && (
        <Output run={run} onClose={close} onGoToLine={(line) => editor.current?.goToLine(line)} />
      )}
    </div>
  );
}

type RunButtonProps = { goesOn: boolean; onRun: () => void; onStop: () => void };

function RunButton({ goesOn, onRun, onStop }: RunButtonProps) {
  return (
    <Button
      variant="outline"
      size="sm"
      className="h-7 pointer-coarse:h-11"
      onClick={goesOn ? onStop : onRun}
    >
      {goesOn ? (
        <Square className="size-3 fill-current" />
      ) : (
        <Play className="size-3 fill-current" />
      )}
      {goesOn ? 'Stop program' : 'Run'}
    </Button>
  );
}

type TabsProps = { isPreview: boolean; onPreview: () => void; onCode: () => void };

function Tabs({ isPreview, onPreview, onCode }: TabsProps) {
  const tab = (name: string, pressed: boolean, onClick: () => void) => (
    <Button
      variant="ghost"
      size="sm"
      aria-pressed={pressed}
      className={cn('h-7 pointer-coarse:h-11', pressed ? 'bg-accent' : 'text-muted-foreground')}
      onClick={onClick}
    >
      {name}
    </Button>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div role="group" aria-label="Show as" className="-ml-2 flex gap-1">
      {tab('Preview', isPreview, onPreview)}
      {tab('Code', !isPreview, onCode)}
    </div>
  );
}
