'use client';

import { Logo } from '@/components/ui/logo';

/** Displayed above the message box of a chat without messages. */
export default function EmptyChat() {
  return (
    <div className="mx-auto grid w-full max-w-column justify-items-center px-4 pb-7 [@media(max-height:30rem)]:pb-3 text-center sm:px-6">
      <Logo className="draw-logo mb-3 size-12 text-primary [@media(max-height:30rem)]:hidden" />
      <h2 className="text-balance font-medium font-serif text-4xl tracking-tight sm:text-5xl [@media(max-height:30rem)]:text-2xl">
        Ask. Leave. Come back.
      </h2>
      <p className="mt-3 text-balance text-muted-foreground">
        Answers are written on your server. Closing this tab doesn’t stop them.
      </p>
    </div>
  );
}
