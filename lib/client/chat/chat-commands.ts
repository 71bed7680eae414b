'use client';

/** What shortcuts and the command palette can do with the open chat. The chat provides it. */
import type { UIMessage } from 'ai';
import { useEffect, useRef } from 'react';
import { createStore, useStore } from '@/lib/client/browser/store';

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

/** Returns the displayed messages of the open chat, oldest first. */
export function displayedMessages(): readonly UIMessage[] {
  return answerCommands.getState()?.messages() ?? [];
}
