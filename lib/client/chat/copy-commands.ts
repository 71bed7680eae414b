/** Copying from the open chat. Loaded when it is used. */
import type { UIMessage } from 'ai';
import { copyText } from '@/lib/client/browser/copy-text';
import { toast } from '@/lib/client/browser/toast';
import { displayedMessages } from '@/lib/client/chat/chat-commands';
import { textOfMessage } from '@/lib/client/chat/message-view';
import { lastCodeBlock } from './last-code-block';

/** Copies the text of the last answer with content. */
export function copyLastAnswer(): Promise<void> {
  const answers = displayedMessages().filter(({ role }) => role === 'assistant');
  const text = answers.map(textOfMessage).findLast((answer) => answer !== '');
  return copy(text, 'Answer copied', 'There is no answer to copy.');
}

/** Copies the last code block of the answers. */
export function copyLastCode(): Promise<void> {
  const messages = displayedMessages();
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
