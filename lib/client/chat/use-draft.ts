'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { useDebouncedCallback } from 'use-debounce';
import { readDraft, saveDraft } from '@/lib/client/chat/draft';
import { ensureSession, pageUser } from '@/lib/client/http';

const SAVE_MS = 300;

/** The text in the message box, kept in the browser until it is sent. */
export function useDraft(name: string) {
  const [text, setText] = useState('');
  const current = useRef({ name, text });
  useEffect(() => {
    current.current = { name, text };
  });

  const save = useDebouncedCallback(
    () => saveDraft(current.current.name, current.current.text),
    SAVE_MS,
  );
  // After hydration: the server knows no drafts. What was typed before that goes first.
  useEffect(() => {
    let left = false;
    const restore = () => {
      if (!left) setText((typed) => typed || readDraft(current.current.name));
    };
    // Whose drafts to show is known once there is a session: at once, but for the first page.
    if (pageUser()) restore();
    else ensureSession().then(restore, () => {});
    return () => {
      left = true;
    };
  }, []);
  useEffect(() => {
    addEventListener('pagehide', save.flush);
    return () => {
      removeEventListener('pagehide', save.flush);
      save.flush();
    };
  }, [save]);

  const write = useCallback(
    (next: string) => {
      setText(next);
      save();
    },
    [save],
  );
  /** Empties the box and gives what was in it. */
  const take = useCallback(() => {
    const { name: draft, text: taken } = current.current;
    save.cancel();
    setText('');
    saveDraft(draft, '');
    return taken;
  }, [save]);
  /** Puts text back that could not be sent, before whatever was written since. */
  const giveBack = useCallback(
    (returned: string) => {
      setText((typed) => (typed ? `${returned}\n\n${typed}` : returned));
      save();
    },
    [save],
  );
  return { text, write, take, giveBack };
}
