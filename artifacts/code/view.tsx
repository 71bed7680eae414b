'use client';

import { Play, Square } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { CodeEditor, type EditorHandle } from '@/artifacts/code/editor/code-editor';
import { languageLabel } from '@/artifacts/code/editor/languages';
import { findEngine } from '@/artifacts/code/execution/engines';
import { OutputPanel } from '@/artifacts/code/execution/output';
import { useExecution } from '@/artifacts/code/execution/use-execution';
import { guessLanguage } from '@/artifacts/code/guess-language';
import { languageSample } from '@/artifacts/code/language-sample';
import { Preview } from '@/artifacts/code/preview/preview';
import { previewKindOf } from '@/artifacts/code/preview/protocol';
import type { ArtifactViewProps } from '@/artifacts/view-props';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';

/** A program: its editor, its execution, and its preview if it is a page, an image or a diagram. */
export default function CodeView(props: ArtifactViewProps) {
  const { title, content, mode } = props;
  const editor = useRef<EditorHandle>(null);
  const { execution, start, stop, close } = useExecution();
  const sample = languageSample(content);
  const language = useMemo(
    () => props.language?.toLowerCase() || guessLanguage(title, sample),
    [props.language, title, sample],
  );
  const previewKind = previewKindOf(language, sample);
  const isStreaming = mode === 'streaming';
  /** The text when the preview was opened; null in the editor, undefined while streaming. */
  const [previewedCode, setPreviewedCode] = useState<string | null>();
  // Decided once: a text that becomes previewable by an edit or a new title stays in its editor.
  if (previewedCode === undefined && !isStreaming) setPreviewedCode(previewKind ? content : null);
  const visiblePreview = isStreaming || !previewKind ? null : (previewedCode ?? null);
  const isRunning = execution?.status === 'loading' || execution?.status === 'running';

  return (
    <div className="print-expanded flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-10 shrink-0 items-center gap-2 border-b pr-2 pl-4">
        {previewKind && !isStreaming ? (
          <PreviewToggle
            isPreview={visiblePreview !== null}
            onPreview={() => setPreviewedCode(editor.current?.getText() ?? content)}
            onCode={() => setPreviewedCode(null)}
          />
        ) : (
          <span className="text-muted-foreground text-xs">{languageLabel(language)}</span>
        )}
        <span className="flex-1" />
        {findEngine(language) && !isStreaming && (
          <RunButton
            isRunning={isRunning}
            onRun={() => start(editor.current?.getText() ?? content, language)}
            onStop={stop}
          />
        )}
      </div>
      {previewKind && visiblePreview !== null && (
        <div className="print-expanded flex min-h-0 flex-1 flex-col">
          <Preview kind={previewKind} code={visiblePreview} />
        </div>
      )}
      <div
        className={cn(
          'print-expanded relative min-h-0 flex-1',
          visiblePreview !== null && 'hidden',
        )}
      >
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
      {execution && (
        <OutputPanel
          execution={execution}
          onClose={close}
          onGoToLine={(line) => editor.current?.goToLine(line)}
        />
      )}
    </div>
  );
}

type RunButtonProps = { isRunning: boolean; onRun: () => void; onStop: () => void };

function RunButton({ isRunning, onRun, onStop }: RunButtonProps) {
  return (
    <Button
      variant="outline"
      size="sm"
      className="h-7 pointer-coarse:h-11"
      onClick={isRunning ? onStop : onRun}
    >
      {isRunning ? (
        <Square className="size-3 fill-current" />
      ) : (
        <Play className="size-3 fill-current" />
      )}
      {isRunning ? 'Stop program' : 'Run'}
    </Button>
  );
}

type PreviewToggleProps = { isPreview: boolean; onPreview: () => void; onCode: () => void };

function PreviewToggle({ isPreview, onPreview, onCode }: PreviewToggleProps) {
  const button = (name: string, pressed: boolean, onClick: () => void) => (
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
    // biome-ignore lint/a11y/useSemanticElements: toggle buttons are not form fields
    <div role="group" aria-label="Show as" className="-ml-2 flex gap-1">
      {button('Preview', isPreview, onPreview)}
      {button('Code', !isPreview, onCode)}
    </div>
  );
}
