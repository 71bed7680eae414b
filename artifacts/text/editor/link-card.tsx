'use client';

import { ExternalLink, Unlink } from 'lucide-react';
import type { EditorState } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { useState } from 'react';
import { currentLink, setLink } from '@/artifacts/text/editor/commands';
import { EditorFloatingCard } from '@/artifacts/text/editor/editor-floating-card';
import { Button, buttonVariants } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { EXTERNAL_REL, safeUrl } from '@/lib/client/markdown/safe-url';

type LinkCardProps = { view: EditorView; state: EditorState; onClose: () => void };

/** A card to edit, open or remove a link. */
export function LinkCard({ view, state, onClose }: LinkCardProps) {
  const link = currentLink(state);
  const [href, setHref] = useState(link?.href ?? '');
  const [isInvalid, setIsInvalid] = useState(false);
  const { from, to } = link ?? state.selection;

  function close() {
    onClose();
    view.focus();
  }
  function save(input: string) {
    const url = withProtocol(input.trim());
    if (url !== '' && safeUrl(url) === '') {
      setIsInvalid(true);
      return;
    }
    if (url !== '' || link) setLink(url)(view.state, view.dispatch);
    close();
  }

  return (
    <EditorFloatingCard
      view={view}
      state={state}
      from={from}
      to={to}
      side="below"
      role="dialog"
      aria-label="Link"
      className="w-80 p-2"
      onEscape={close}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (relatedTarget && !currentTarget.contains(relatedTarget)) onClose();
      }}
    >
      <form
        className="flex items-center gap-1"
        onSubmit={(event) => {
          event.preventDefault();
          save(href);
        }}
      >
        <Input
          // The user opened the card to type.
          ref={(input) => input?.focus({ preventScroll: true })}
          aria-label="Address"
          aria-invalid={isInvalid}
          aria-describedby={isInvalid ? 'link-error' : undefined}
          placeholder="https://"
          value={href}
          onChange={(event) => {
            setHref(event.target.value);
            setIsInvalid(false);
          }}
          className="h-8 min-w-0 flex-1"
        />
        <Button type="submit" size="sm">
          Save
        </Button>
        {link && (
          <>
            <a
              href={safeUrl(link.href) || undefined}
              target="_blank"
              rel={EXTERNAL_REL}
              aria-label="Open the link"
              className={buttonVariants({ variant: 'ghost', size: 'icon-sm' })}
            >
              <ExternalLink />
            </a>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label="Remove the link"
              onClick={() => save('')}
            >
              <Unlink />
            </Button>
          </>
        )}
      </form>
      {isInvalid && (
        <p id="link-error" role="alert" className="px-1 pt-1.5 text-destructive-text">
          Links must start with https:// or mailto:. Enter a different address.
        </p>
      )}
    </EditorFloatingCard>
  );
}

/** Completes "example.com" to an https: URL, and "a@example.com" to a mailto: URL. */
function withProtocol(input: string): string {
  if (/^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/.test(input)) return `mailto:${input}`;
  return /^[\w-]+(?:\.[\w-]+)+(?:[/?#]|$)/.test(input) ? `https://${input}` : input;
}
