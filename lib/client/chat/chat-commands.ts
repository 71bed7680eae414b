'use client';

/** What shortcuts and the command palette can do with the open chat. The chat provides it. */
import type { UIMessage } from 'ai';
import { useEffect, useRef } from 'react';
import { copyText } from '@/lib/client/browser/copy-text';
import { createStore, useStore } from '@/lib/client/browser/store';
import { toast } from '@/lib/client/browser/toast';
import { textOfMessage } from '@/lib/client/chat/message-view';
import { lastCodeBlock } from './last-code-block';

type AnswerCommands = {
  /** Stops the answer; null while none is running. */
  stop: (() => void) | null;
  /** Returns the displayed messages, oldest first. */
  messages: () => readonly UIMessage[];
};

type ModelCommands = { modelRef: string | null; pickModel: (ref: string) => void };

const answerCommands = createStore<AnswerCommands | null>(null);
const modelCommands = createStore<ModelCommands | null>(null);

/** Provides the commands of the displayed conversation while mounted. */
export function useProvideAnswerCommands(
  messages: readonly UIMessage[],
  stop: (() => void) | null,
): void {
  const latest = useRef(messages);
  useEffect(() => {
    latest.current = messages;
  });
  useEffect(() => {
    const provided: AnswerCommands = { stop, messages: () => latest.current };
    answerCommands.setState(provided);
    return () => {
      if (answerCommands.getState() === provided) answerCommands.setState(null);
    };
  }, [stop]);
}

/** Provides the model of the open chat while mounted. */
export function useProvideModelCommands(
  modelRef: string | null,
  pickModel: (ref: string) => void,
): void {
  const latest = useRef(pickModel);
  useEffect(() => {
    latest.current = pickModel;
  });
  useEffect(() => {
    const provided: ModelCommands = { modelRef, pickModel: (ref) => latest.current(ref) };
    modelCommands.setState(provided);
    return () => {
      if (modelCommands.getState() === provided) modelCommands.setState(null);
    };
  }, [modelRef]);
}

/** Whether an answer is running in the open chat. */
export function useCanStop(): boolean {
  return useStore(answerCommands, (commands) => commands?.stop != null);
}

/** The model of the open chat and how to change it; null if no chat is open. */
export function useModelCommands(): ModelCommands | null {
  return useStore(modelCommands);
}

/** Stops the answer that is running in the open chat, if any. */
export function stopAnswer(): void {
  answerCommands.getState()?.stop?.();
}

/** Copies the text of the last answer with content. */
export function copyLastAnswer(): Promise<void> {
  const answers = (answerCommands.getState()?.messages() ?? []).filter(
    ({ role }) => role === 'assistant',
  );
  const text = answers.map(textOfMessage).findLast((answer) => answer !== '');
  return copy(text, 'Answer copied', 'There is no answer to copy.');
}

/** Copies the last code block of the answers. */
export function copyLastCode(): Promise<void> {
  const messages = answerCommands.getState()?.messages() ?? [];
  let code: string | undefined;
  for (let i = messages.length - 1; i >= 0 && code === undefined; i -= 1) {
    const message = messages[i] as UIMessage;
    if (message.role === 'assistant') code = lastCodeBlock(textOfMessage(message));
  }
  return copy(code, 'Code copied', 'There is no code block to copy.');
}

async function copy(text: string | undefined, success: string, nothing: string): Promise<void> {
  if (text === undefined) toast.info(nothing);
  else if (await copyText(text)) toast.success(success);
  else toast.error('The browser didn’t allow copying.');
}
