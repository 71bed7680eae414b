'use client';

import { Check, CircleSlash, TriangleAlert, Wrench } from 'lucide-react';
import { memo } from 'react';
import { DocumentCard, documentToolCall } from '@/components/documents/document-card';
import { Spinner } from '@/components/ui/spinner';
import type { ToolInvocation } from '@/lib/protocol/messages';
import { RESULT_CARDS } from '@/tools/registry/cards';

type ToolCallProps = {
  invocation: ToolInvocation;
  /** Whether the answer is running: a call without a result is then running as well. */
  running: boolean;
};

type ToolCallState = 'running' | 'done' | 'failed' | 'unfinished';

/** A tool call: its state, with collapsed arguments and result. */
export const ToolCall = memo(
  function ToolCall({ invocation, running }: ToolCallProps) {
    const { toolName, args } = invocation;
    const result = invocation.state === 'result' ? invocation.result : undefined;
    const state = toolCallState(invocation, running);
    const document = state === 'unfinished' ? undefined : documentToolCall(invocation);
    if (document) return <DocumentCard {...document} error={resultError(result) ?? null} />;
    return (
      <section
        aria-label={`Tool: ${humanizeToolName(toolName)}`}
        className="overflow-hidden rounded-lg border bg-card text-sm"
      >
        {state === 'done' && RESULT_CARDS.get(toolName)?.(result)}
        <details className="group">
          <summary className="flex cursor-pointer list-none items-center gap-2 px-3.5 py-2 text-muted-foreground transition-colors hover:text-foreground pointer-coarse:min-h-11 group-open:border-b [&::-webkit-details-marker]:hidden">
            <StateIcon state={state} />
            <span className="shrink-0 font-medium">{humanizeToolName(toolName)}</span>
            <span className="min-w-0 flex-1 truncate">{summarizeArgs(args)}</span>
            <span className="shrink-0 text-xs">{STATE_LABELS[state]}</span>
          </summary>
          <div className="grid gap-3 px-3.5 py-3">
            <JsonBlock label="Arguments" value={args} />
            {invocation.state === 'result' && <JsonBlock label="Result" value={result} />}
          </div>
        </details>
        {state === 'failed' && (
          <p className="px-3.5 pb-2.5 text-destructive-text">{resultError(result)}</p>
        )}
      </section>
    );
  },
  // useChat clones every part on each update: the rendered output depends only on these values.
  (before, after) =>
    before.running === after.running &&
    before.invocation.toolCallId === after.invocation.toolCallId &&
    before.invocation.state === after.invocation.state &&
    after.invocation.state !== 'partial-call',
);

const STATE_LABELS: Record<ToolCallState, string> = {
  running: 'Running…',
  done: 'Done',
  failed: 'Failed',
  unfinished: 'Not finished',
};

function StateIcon({ state }: { state: ToolCallState }) {
  if (state === 'running') return <Spinner label="" className="size-3.5" />;
  const Icon = { done: Check, failed: TriangleAlert, unfinished: CircleSlash }[state] ?? Wrench;
  return <Icon aria-hidden="true" className="size-3.5 shrink-0" />;
}

function toolCallState(invocation: ToolInvocation, running: boolean): ToolCallState {
  if (invocation.state !== 'result') return running ? 'running' : 'unfinished';
  return resultError(invocation.result) === undefined ? 'done' : 'failed';
}

function resultError(result: unknown): string | undefined {
  const { error } = (typeof result === 'object' && result !== null ? result : {}) as {
    error?: unknown;
  };
  if (error === undefined || error === null) return undefined;
  return typeof error === 'string' ? error : 'The tool failed.';
}

/** Returns "Read my file" for "readMyFile". */
function humanizeToolName(name: string): string {
  const words = name.replace(/[_-]+/g, ' ').replace(/([a-z\d])([A-Z])/g, '$1 $2');
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}

function summarizeArgs(args: unknown): string {
  if (typeof args !== 'object' || args === null) return '';
  return Object.values(args)
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .join(' · ');
}

function JsonBlock({ label, value }: { label: string; value: unknown }) {
  return (
    <div>
      <p className="mb-1 text-muted-foreground text-xs">{label}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be focusable */}
      <pre tabIndex={0} className="max-h-72 overflow-auto rounded-md bg-code p-2.5 text-xs">
        {JSON.stringify(value, null, 2) ?? '…'}
      </pre>
    </div>
  );
}
