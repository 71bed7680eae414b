import type { ReactNode } from 'react';
import { buttonVariants } from './button';
import { Logo } from './logo';

type NoticeProps = {
  title: string;
  /** One or two sentences that explain the title. */
  children: ReactNode;
  /** Buttons before "New chat". */
  actions?: ReactNode;
};

/** A full-page notice with actions. Fills its container. */
export function Notice({ title, children, actions }: NoticeProps) {
  return (
    <div className="grid min-h-full flex-1 place-items-center p-6">
      <div className="grid max-w-md justify-items-start gap-3">
        <Logo className="size-7 text-primary" />
        <h1 className="text-balance font-semibold text-xl tracking-tight">{title}</h1>
        <p className="text-muted-foreground leading-relaxed">{children}</p>
        <div className="mt-2 flex flex-wrap gap-2">
          {actions}
          {/* A full page load on purpose: it resets broken page state. */}
          <a href="/" className={buttonVariants({ variant: 'outline' })}>
            New chat
          </a>
        </div>
      </div>
    </div>
  );
}
